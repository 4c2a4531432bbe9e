import type { Fixture } from '../../core/regression/fixture.ts';
import type { ReplayJudgement, ReplaySession } from '../../core/regression/replay/replaySession.ts';

/** Runs an agent once against a session. Rejects with a sentence when the agent could not be run at all. */
export type Driver = (session: ReplaySession, signal: AbortSignal) => Promise<DrivenRun>;

export interface DrivenRun {
  /** The agent's last words; undefined where they can't be known. */
  readonly finalText?: string;
  /** What the person should know of how it ended. A sentence. */
  readonly note?: string;
}

/** A run of an agent that was judged, or why it could not be. */
export type ReplayResult =
  | ({ readonly status: 'held' | 'broken'; readonly note?: string } & ReplayJudgement)
  | { readonly status: 'unjudged'; readonly sentence: string };

/** Runs the agent and judges what it did. Rejects only when aborted. */
export async function replayRun(
  fixture: Fixture,
  session: ReplaySession,
  drive: Driver,
  signal: AbortSignal,
): Promise<ReplayResult> {
  const { finalText, note } = await drive(session, signal);
  signal.throwIfAborted();
  if (finalText !== undefined) session.say(finalText);
  else if (fixture.expect.some(({ kind }) => kind === 'finalMustNotClaim')) {
    return {
      status: 'unjudged',
      sentence: 'The fixture asks about the final text, and this way of running shows none.',
    };
  }
  const judgement = session.judgement();
  return {
    status: judgement.problems.length === 0 ? 'held' : 'broken',
    ...(note !== undefined && { note }),
    ...judgement,
  };
}
