import type { OpenTrace } from '../formats/openTrace.ts';
import type { Run } from '../trace/model.ts';
import { messageOf } from '../util/result.ts';
import { contextFor } from './context.ts';
import type { Conclusion, Evaluator, Observer } from './evaluator.ts';
import type { Policy } from './policy.ts';
import { EVALUATORS } from './registry.ts';
import { RollUps } from './rollUps.ts';
import type { Verdict } from './verdict.ts';

export interface EvaluateOptions {
  readonly policy?: Policy;
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
  const { policy, signal, onProgress, evaluators = EVALUATORS } = options;
  const context = contextFor(run, policy);
  const judges = evaluators.map((evaluator) => new Judge(evaluator, () => evaluator.start(context)));
  const rollUps = new RollUps(context);
  const total = run.steps.length;
  let sliceStart = Date.now();
  let done = 0;
  for await (const step of trace.steps(run, 0, total, signal)) {
    signal?.throwIfAborted();
    for (const judge of judges) judge.try(`step ${step.index + 1}`, (observer) => observer.step(step));
    rollUps.step(step);
    onProgress?.(++done, total);
    if (Date.now() - sliceStart > SLICE) {
      await new Promise<void>((resume) => setTimeout(resume, 0));
      sliceStart = Date.now();
    }
  }
  const verdicts = judges.map((judge) => judge.verdict(run));
  return { verdicts, rollUps: rollUps.finish(run, verdicts) };
}

/** One evaluator at work on one run, and the first thing that it threw. */
class Judge {
  private observer: Observer | undefined;
  private failure: string | undefined;

  constructor(
    private readonly evaluator: Evaluator,
    start: () => Observer,
  ) {
    try {
      this.observer = start();
    } catch (thrown) {
      this.failure = `The evaluator itself failed before the first step: ${messageOf(thrown)}`;
    }
  }

  try(where: string, work: (observer: Observer) => void): void {
    if (this.observer === undefined) return;
    try {
      work(this.observer);
    } catch (thrown) {
      this.observer = undefined;
      this.failure = `The evaluator itself failed at ${where}: ${messageOf(thrown)}`;
    }
  }

  verdict(run: Run): Verdict {
    let conclusion: Conclusion | undefined;
    this.try('the end of the run', (observer) => {
      conclusion = observer.finish(run);
    });
    const reason = this.failure ?? 'The evaluator gave no conclusion.';
    return { evaluator: this.evaluator.id, ...(conclusion ?? { status: 'error', score: null, reason, findings: [] }) };
  }
}
