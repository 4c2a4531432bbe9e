import type { OpenTrace } from '../formats/openTrace.ts';
import type { Run, Step } from '../trace/model.ts';
import { messageOf } from '../util/result.ts';
import { contextFor, type EvaluationContext } from './context.ts';
import type { Conclusion, Evaluator, Observer } from './evaluator.ts';
import type { Policy } from './policy/policy.ts';
import { isTurnedOff, ruled } from './policy/ruling.ts';
import type { Reference } from './reference.ts';
import { EVALUATORS } from './registry.ts';
import { RollUps } from './rollUps.ts';
import type { Verdict } from './verdict.ts';

export interface EvaluateOptions {
  readonly policy?: Policy;
  /** The calls that should have been made; else those that the trace itself names. */
  readonly reference?: Reference;
  /** Sees each step as it passes, so that nobody need read the run again to measure it. */
  readonly watch?: (step: Step, context: EvaluationContext) => void;
  readonly signal?: AbortSignal;
  /** Steps judged so far of `total`. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Which evaluators judge; all of the registry when absent. */
  readonly evaluators?: readonly Evaluator[];
}

/**
 * How long the event loop may be held before other work (a cancel, a page of rows) gets its turn, in ms. Reading the file
 * gives turns too; a timer costs more than its work where the machine is busy.
 */
const SLICE = 30;

/**
 * Judges one run: every step streams once past all evaluators together, in time linear in the steps. An evaluator that
 * throws gets an `error` verdict and harms no other. Verdicts stand in the order of the registry. Rejects with the
 * signal's reason when aborted.
 */
export async function evaluate(
  trace: Pick<OpenTrace, 'steps'>,
  run: Run,
  options: EvaluateOptions = {},
): Promise<{ verdicts: Verdict[]; rollUps: Verdict[] }> {
  const { policy, reference, watch, signal, onProgress, evaluators = EVALUATORS } = options;
  const context = contextFor(run, policy, true, reference);
  const judges = evaluators.map((evaluator) => {
    const isOff = isTurnedOff(policy, evaluator.id);
    return new Judge(evaluator, () => (isOff ? undefined : evaluator.start(context)));
  });
  const rollUps = new RollUps(context);
  const total = run.steps.length;
  const { values } = context;
  const pause = turns();
  let done = 0;
  for await (const step of trace.steps(run, 0, total, signal)) {
    signal?.throwIfAborted();
    if (values.missing !== undefined && judges.some((judge) => judge.asks(step))) {
      for await (const earlier of trace.steps(run, values.missing, step.index, signal)) {
        values.addMissing(earlier);
        await pause();
      }
    }
    for (const judge of judges) judge.step(step);
    rollUps.step(step);
    watch?.(step, context);
    values.relieve();
    onProgress?.(++done, total);
    await pause();
  }
  const verdicts = judges.map((judge) => ruled(policy, judge.verdict(run)));
  return { verdicts, rollUps: rollUps.finish(run, verdicts) };
}

/** Gives other work its turn when a slice of time is over. */
function turns(): () => Promise<void> | undefined {
  let sliceStart = Date.now();
  return () => {
    if (Date.now() - sliceStart <= SLICE) return undefined;
    return new Promise((resume) =>
      setTimeout(() => {
        sliceStart = Date.now();
        resume();
      }, 0),
    );
  };
}

/** One evaluator at work on one run, and the first thing that it threw. */
class Judge {
  private observer: Observer | undefined;
  private failure: string | undefined;

  constructor(
    private readonly evaluator: Evaluator,
    start: () => Observer | undefined,
  ) {
    try {
      this.observer = start();
    } catch (thrown) {
      this.failure = `The evaluator itself failed before the first step: ${messageOf(thrown)}`;
    }
  }

  asks(step: Step): boolean {
    try {
      return this.observer?.asks?.(step) ?? false;
    } catch (thrown) {
      this.fail(`step ${step.index + 1}`, thrown);
      return false;
    }
  }

  step(step: Step): void {
    try {
      this.observer?.step(step);
    } catch (thrown) {
      this.fail(`step ${step.index + 1}`, thrown);
    }
  }

  private fail(where: string, thrown: unknown): void {
    this.observer = undefined;
    this.failure = `The evaluator itself failed at ${where}: ${messageOf(thrown)}`;
  }

  verdict(run: Run): Verdict {
    let conclusion: Conclusion | undefined;
    try {
      conclusion = this.observer?.finish(run);
    } catch (thrown) {
      this.fail('the end of the run', thrown);
    }
    const reason = this.failure ?? 'The evaluator gave no conclusion.';
    return { evaluator: this.evaluator.id, ...(conclusion ?? { status: 'error', score: null, reason, findings: [] }) };
  }
}
