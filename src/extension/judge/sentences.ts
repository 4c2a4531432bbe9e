import type { Verdict } from '../../core/evaluators/verdict.ts';
import type { JudgeQuestion, RunQuestions } from '../../core/judge/question.ts';
import { RUBRICS } from '../../core/judge/rubrics.ts';

/** What leaves the trace, and where it goes, for the dialog that asks for consent. */
export function consentDetail(asked: readonly JudgeQuestion[], all: number, where: string): string {
  const characters = asked.reduce((sum, { system, user }) => sum + system.length + user.length, 0);
  const steps = new Set(asked.flatMap(({ shown }) => shown.map(({ step }) => step)));
  const known = all - asked.length;
  return [
    `${many(asked.length, 'question')} with ${many(characters, 'character')}, from ${many(steps.size, 'step')} of the run, will be sent to ${where}. Credentials and personal data that were recognised are replaced by placeholders; anything else in these steps is sent as it is.`,
    ...(known === 0 ? [] : [`${many(known, 'answer')} of earlier judgements will be used again.`]),
    'A model is often wrong about which step is at fault. Its findings are marked as a model’s.',
  ].join('\n\n');
}

/** What came of it, for a notification. */
export function outcomeSentence(model: string, verdicts: readonly Verdict[]): string {
  const said = verdicts.map(({ evaluator, status }) => `${evaluator.replace('judge.', '')}: ${WORDS[status]}`);
  const error = verdicts.find(({ status }) => status === 'error');
  return `${model} judged the run. ${said.join(', ')}.${error === undefined ? '' : ` ${error.reason}`}`;
}

/** Why no rubric asks anything of this run. */
export function silentSentence({ silent }: RunQuestions): string {
  const reasons = RUBRICS.flatMap(({ id }) => silent[id] ?? []);
  return `There is nothing to ask a model about this run. ${reasons.join(' ')}`;
}

const WORDS: Record<Verdict['status'], string> = {
  pass: 'pass',
  warn: 'warning',
  fail: 'fail',
  na: 'not applicable',
  error: 'no judgement',
};

function many(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
