import { type EvaluateOptions, evaluate } from '../../core/evaluators/evaluate.ts';
import { ruled } from '../../core/evaluators/policy/ruling.ts';
import type { Suspect, Verdict } from '../../core/evaluators/verdict.ts';
import type { OpenTrace } from '../../core/formats/openTrace.ts';
import { withModelJudge } from '../../core/judge/rollUps.ts';
import { Risk } from '../../core/localize/risk.ts';
import { Signs } from '../../core/localize/signals/all.ts';
import { suspects } from '../../core/localize/suspects.ts';
import type { Run } from '../../core/trace/model.ts';

/**
 * Judges a run by other means than the built-in evaluators: by programs of the workspace, by a model. It gets the
 * verdicts so far and answers its own. What goes wrong with it is an `error` verdict; it rejects only when aborted.
 */
export type ExtraJudge = (
  trace: Pick<OpenTrace, 'steps'>,
  run: Run,
  verdicts: readonly Verdict[],
  signal?: AbortSignal,
) => Promise<Verdict[]>;

export interface JudgeOptions extends EvaluateOptions {
  readonly extras?: readonly ExtraJudge[];
  /** Told what the built-in evaluators found, when extras come after them: these may take long. */
  readonly onFirst?: (judgement: Judgement) => void;
}

/** All that is known of a run after judging it. */
export interface Judgement {
  readonly verdicts: readonly Verdict[];
  readonly rollUps: readonly Verdict[];
  /** Most suspect first. */
  readonly suspects: readonly Suspect[];
  /** In [0, 1): which of several runs to look at first. No probability. */
  readonly risk: number;
}

/**
 * The one way to judge a run, for the editor, the terminal and tests: built-in evaluators, then the extras in their
 * order, then suspects. Rejects with the signal's reason when aborted.
 */
export async function judgeRun(
  trace: Pick<OpenTrace, 'steps'>,
  run: Run,
  { extras = [], onFirst, ...options }: JudgeOptions = {},
): Promise<Judgement> {
  const signs = new Signs(run);
  const risk = new Risk();
  const { verdicts, rollUps } = await evaluate(trace, run, {
    ...options,
    watch: (step, context) => {
      signs.step(step, context);
      risk.step(step, context);
      options.watch?.(step, context);
    },
  });
  const found = signs.finish();
  // What a model says of the whole run is no stronger a witness for a step because a roll-up repeats it.
  const judged = (): Judgement => {
    const suspected = suspects(run, [...verdicts, ...rollUps], found);
    return {
      verdicts: [...verdicts],
      rollUps: withModelJudge(rollUps, verdicts),
      suspects: suspected,
      risk: risk.of(suspected, found),
    };
  };
  if (extras.length > 0) onFirst?.(judged());
  for (const extra of extras) {
    const more = await extra(trace, run, verdicts, options.signal);
    verdicts.push(...more.map((verdict) => ruled(options.policy, verdict)));
  }
  return judged();
}
