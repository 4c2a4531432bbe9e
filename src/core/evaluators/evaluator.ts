import type { Run, Step } from '../trace/model.ts';
import type { EvaluationContext } from './context.ts';
import type { Finding, Severity, VerdictStatus } from './verdict.ts';

/** What an evaluator, or a rubric of a model judge, says of itself. The docs are generated from this. */
export interface EvaluatorDescription {
  /** Stable id as people see it: `action.args-empty`. */
  readonly id: string;
  readonly title: string;
  /** What it finds, in one line, for tables. */
  readonly summary: string;
  readonly level: 'step' | 'run' | 'cohort';
  /** Severity of its gravest findings. */
  readonly severity: Severity;
  /** What it needs beyond the trace's actions: `tool schemas`, `policy`. Empty when nothing. */
  readonly needs: readonly string[];
  /** What it judges and when it fails or warns, in words for users. */
  readonly definition: string;
  /** When it answers `na`. */
  readonly notApplicable: string;
  /** Known ways in which it is wrong, for users. */
  readonly falsePositives: string;
  readonly defaultThreshold: string;
  /** What the number is that a policy may set in place of the default, where there is one: `the lowest rate that is right`. */
  readonly threshold?: string;
}

/**
 * One check. All evaluators of a run stream past its steps together, once, in order: `start` makes an observer for one
 * run, which keeps only small state (hashes, counts, byte ranges), never bodies. A new evaluator is one file with its
 * test, and one line in `registry.ts`.
 */
export interface Evaluator extends EvaluatorDescription {
  readonly level: 'step' | 'run';
  start(context: EvaluationContext): Observer;
}

export interface Observer {
  /** True when judging this step takes a question to `context.values`. Absent: it is never asked anything. */
  asks?(step: Step): boolean;
  step(step: Step): void;
  /** Called once, after the last step. */
  finish(run: Run): Conclusion;
}

/** A verdict before the engine signs it with the evaluator's id. */
export interface Conclusion {
  readonly status: VerdictStatus;
  /** In [0, 1], or null when there is no sensible number. */
  readonly score: number | null;
  /** One sentence. */
  readonly reason: string;
  readonly findings: readonly Finding[];
}
