import type { EvaluatorDescription } from '../evaluators/evaluator.ts';

/** One of the few answers that a model may give, and what code makes of it. */
export interface Label {
  readonly label: string;
  /** What the label means, for the model. */
  readonly meaning: string;
  /** In [0, 1]; null when the label says that nothing can be told. */
  readonly score: number | null;
  /** What a verdict with this label says. `pass` and `na` make no finding. */
  readonly status: 'pass' | 'warn' | 'fail' | 'na';
  /** What is said of the step, for labels that make a finding: `called a tool that does not serve the goal`. */
  readonly finding?: string;
}

export interface RubricQuestion {
  readonly id: string;
  /** The question, for the model. One thing is asked. */
  readonly asks: string;
  readonly labels: readonly Label[];
}

/**
 * What a model is asked about a run. Each question is asked alone, of the run as a whole or of one decision. A new rubric is
 * one file and one line in `rubrics.ts`; a change of its words is a new version, as answers are kept by it.
 */
export interface Rubric extends EvaluatorDescription {
  readonly version: number;
  /** What each question is asked about: the run, every decision to call a tool, or only calls that change something. */
  readonly about: 'run' | 'calls' | 'writes';
  readonly questions: readonly RubricQuestion[];
}

/** The label for what the shown steps do not tell. */
export const CANNOT_TELL: Label = {
  label: 'cannot-tell',
  meaning: 'The shown steps do not tell.',
  score: null,
  status: 'na',
};
