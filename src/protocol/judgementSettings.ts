/** What people set about how runs are judged, as paths and switches: the host sends it to the worker, the CLI fills it from options. */
export interface JudgementSettings {
  /** The policy file that holds for the trace, absolute. */
  readonly policyPath?: string;
}
