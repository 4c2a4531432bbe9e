import type { Fixture } from '../../core/regression/fixture.ts';
import { type JudgedRun, judgeCalls } from '../../core/regression/judge.ts';
import type { ReplayJudgement, ReplaySession } from '../../core/regression/replay/replaySession.ts';
import { verdictsOfSession, wantsVerdicts } from './verdictsOf.ts';

/** Runs an agent once against a session. Rejects with a sentence when the agent could not be run at all. */
export type Driver = (session: ReplaySession, signal: AbortSignal) => Promise<DrivenRun>;

export interface DrivenRun {
  /** Whether the session was told what the agent said; false where its words can't be known. */
  readonly heard: boolean;
  /** What the person should know of how it ended. A sentence. */
  readonly note?: string;
  /** What it did, where it did not call the session's tools. */
  readonly run?: JudgedRun;
}

/** A run of an agent that was judged, or why it could not be. */
export type ReplayResult =
  | ({ readonly status: 'held' | 'broken'; readonly note?: string } & ReplayJudgement)
  | { readonly status: 'unjudged'; readonly sentence: string };

/** Runs the agent and judges what it did. Rejects when aborted, or with a sentence when it could not be run. */
export async function replayRun(
  fixture: Fixture,
  session: ReplaySession,
  drive: Driver,
  signal: AbortSignal,
): Promise<ReplayResult> {
  const { heard, note, run } = await drive(session, signal);
  signal.throwIfAborted();
  if (!heard && fixture.expect.some(({ kind }) => kind === 'finalMustNotClaim')) {
    return {
      status: 'unjudged',
      sentence: 'The fixture asks about the final text, and this way of running shows none.',
    };
  }
  const judgement =
    run === undefined
      ? session.judgement(wantsVerdicts(fixture) ? { verdicts: await verdictsOfSession(session, signal) } : {})
      : { calls: run.calls, finalText: run.finalText, problems: judgeCalls(fixture, run) };
  return {
    status: judgement.problems.length === 0 ? 'held' : 'broken',
    ...(note !== undefined && { note }),
    ...judgement,
  };
}
