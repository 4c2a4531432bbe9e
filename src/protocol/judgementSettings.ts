/** What people set about how runs are judged, as paths and switches: the host sends it to the worker, the CLI fills it from options. */
export interface JudgementSettings {
  /** The policy file that holds for the trace, absolute. */
  readonly policyPath?: string;
  /** Programs of the workspace that judge; only ever set when the person trusts the folder. */
  readonly customEvaluators?: CustomEvaluatorSettings;
  /** A model that judges besides; only ever set when the person asks for it. */
  readonly judge?: ModelJudgeSettings;
}

export interface ModelJudgeSettings {
  /** Base of an OpenAI-compatible server on this computer; without one only answers that were kept are used. */
  readonly endpoint?: string;
  /** Absent where the server has only one, or for the one that was asked last. */
  readonly model?: string;
  /** Where answers are kept, absolute. */
  readonly cacheFolder?: string;
}

export interface CustomEvaluatorSettings {
  /** Where the `*.evaluator.{mjs,js,ts,py}` stand, absolute. */
  readonly folder: string;
}
