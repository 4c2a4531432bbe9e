/**
 * `pass` only when there was something to check and it was checked; `na` (with its reason) never counts in a rate;
 * `error` when the evaluator itself failed.
 */
export type VerdictStatus = 'pass' | 'fail' | 'warn' | 'na' | 'error';

export type Severity = 'error' | 'warning' | 'information';

/** A place in a run: a step, and optionally a JSON pointer into it (`/actions/0/arguments/order_id`). */
export interface StepPlace {
  readonly step: number;
  readonly pointer?: string;
  /** The words at that place, verbatim, at most 200 characters. */
  readonly quote?: string;
}

/** One fault, pointing at the decision to fix. */
export interface Finding {
  /** Index of the step to fix. */
  readonly step: number;
  /** JSON pointer into that step, `/actions/0/arguments/order_id`; empty for the step as a whole. */
  readonly pointer: string;
  /** One sentence: what is wrong here. */
  readonly message: string;
  readonly evidence: readonly StepPlace[];
  readonly expected?: string;
  readonly actual?: string;
  readonly confidence: 'certain' | 'likely' | 'heuristic';
  readonly severity: Severity;
}

/** Which model gave a verdict, and how it was asked: enough to ask the same again. */
export interface ModelNote {
  /** The model as its host names it. */
  readonly model: string;
  /** What tells this version of the model from others of its name, where its host says. */
  readonly version?: string;
  /** Host and port of the endpoint, or the vendor and family of an editor's model. */
  readonly host: string;
  /** SHA-256 over all prompts of the verdict. */
  readonly promptHash: string;
  readonly params: Readonly<Record<string, number>>;
  /** True when no answer was asked for: all stood in the cache. */
  readonly cached: boolean;
}

export interface Verdict {
  /** Id of the evaluator, or the name of a roll-up (`TaskCompletion`). */
  readonly evaluator: string;
  /** For people, where the evaluator is none of the registry. */
  readonly title?: string;
  /** What it finds, likewise. */
  readonly summary?: string;
  readonly status: VerdictStatus;
  readonly score: number | null;
  readonly reason: string;
  readonly findings: readonly Finding[];
  /** Set when a model gave the verdict, and no code. */
  readonly judge?: ModelNote;
}

/** A step that is likely to be where the run went wrong. */
export interface Suspect {
  readonly step: number;
  /** In [0, 1]; for ranking, not a probability. */
  readonly score: number;
  /** One sentence for a person. */
  readonly reason: string;
  /** Ids of the evaluators whose findings speak for it. */
  readonly evaluators: readonly string[];
}

/** All that is known about one run after evaluation. */
export interface Evaluation {
  readonly run: string;
  readonly verdicts: readonly Verdict[];
  /** TaskCompletion, ToolSelectionAccuracy, ActionSafety. */
  readonly rollUps: readonly Verdict[];
  /** Most suspect first; empty when nothing speaks against any step. */
  readonly suspects: readonly Suspect[];
}
