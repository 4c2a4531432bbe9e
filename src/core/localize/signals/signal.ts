import type { EvaluationContext } from '../../evaluators/context.ts';
import type { Run, Step } from '../../trace/model.ts';

/**
 * A reason to suspect a step that is no verdict: nothing is certainly wrong there, but a person who knows that the run
 * failed would look. Signals stream past the steps beside the evaluators, once, in order, and keep only small state.
 */
export interface Signal {
  /** Stable id, shown beside the sentence: `sign.code-failed`. */
  readonly id: string;
  readonly title: string;
  /** What it is and why a person would accept it as a reason. The docs tell the same. */
  readonly definition: string;
  start(run: Run): SignalObserver;
}

export interface SignalObserver {
  step(step: Step, context: EvaluationContext): void;
  /** Called once, after the last step. */
  finish(): readonly Sign[];
}

/** What a signal says of one step. */
export interface Sign {
  readonly step: number;
  /** Where the fault shows when that is in another step: findings there are of this step's making. */
  readonly shownAt?: number;
  /** How strongly it speaks for the step, in [0, 1]; below the bar of `suspects` it shows only when the run failed. */
  readonly weight: number;
  /** One sentence. */
  readonly reason: string;
}
