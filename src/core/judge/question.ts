/** A piece of a step as a model is shown it, without secrets. */
export interface ShownText {
  /** Index of the step. */
  readonly step: number;
  /** JSON pointer into the step. */
  readonly pointer: string;
  readonly text: string;
}

/** One question about a run, ready to be asked: plain data, so that it can go from thread to thread. */
export interface JudgeQuestion {
  /** Id of the rubric, and of its question. */
  readonly rubric: string;
  readonly question: string;
  /** The step that is asked about; absent when it is the run. */
  readonly step?: number;
  readonly system: string;
  readonly user: string;
  /** What the answer has to repeat. No text of the trace can know it, so no text of the trace is an answer. */
  readonly case: string;
  /** What a quote may be taken from. */
  readonly shown: readonly ShownText[];
  /** SHA-256 of the rubric's version and of all that is sent. */
  readonly hash: string;
}

/** What is asked about one run. */
export interface RunQuestions {
  readonly questions: readonly JudgeQuestion[];
  /** Why a rubric asks nothing, by its id. A sentence. */
  readonly silent: Readonly<Record<string, string>>;
}
