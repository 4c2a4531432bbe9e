/** Where an OpenAI-compatible server listens. */
export interface Endpoint {
  /** Base of its paths: `http://127.0.0.1:11434/v1`. */
  readonly url: string;
  /** Names or addresses that are no loopback and may be asked all the same: only the person's own settings name them. */
  readonly otherHosts?: readonly string[];
}

export interface EndpointModel {
  readonly model: string;
  /** What tells one version of the model from another under the same name. */
  readonly version?: string;
}

/** One question, as an endpoint gets it. */
export interface ChatQuestion {
  readonly system: string;
  readonly user: string;
  /** The labels that the answer may have. */
  readonly labels: readonly string[];
}
