import type { Verdict } from '../evaluators/verdict.ts';

/**
 * The roll-ups with a model's word where there is no other: TaskCompletion takes it only when neither an outcome, nor expected calls,
 * nor a rule judges completion. No other roll-up ever takes it.
 */
export function withModelJudge(rollUps: readonly Verdict[], verdicts: readonly Verdict[]): Verdict[] {
  const judged = verdicts.find(({ evaluator, judge }) => evaluator === 'judge.task-completion' && judge !== undefined);
  if (judged === undefined || judged.status === 'na' || judged.status === 'error') return [...rollUps];
  const { title: _title, ...conclusion } = judged;
  return rollUps.map((rollUp) =>
    rollUp.evaluator === 'TaskCompletion' && rollUp.status === 'na'
      ? { ...conclusion, evaluator: rollUp.evaluator }
      : rollUp,
  );
}
