import type { FixtureCall } from './fixture.ts';

/** What an agent did, as far as expectations judge it. The replay helpers in `helpers/` work on the same shape. */
export interface Trajectory {
  readonly calls: readonly TrajectoryCall[];
  /** The last text without a tool call. */
  readonly finalText: string;
}

export interface TrajectoryCall extends FixtureCall {
  /** A user has answered a text of the agent before this call. */
  readonly asked?: boolean;
}
