import { comparedCall } from '../../../core/compare/call.ts';
import { besides, type ComparedRuns, callsOf, type RunCalls } from '../../../core/compare/compareRuns.ts';
import type { OpenTrace } from '../../../core/formats/openTrace.ts';
import { openTrace } from '../../../core/formats/openTrace.ts';
import { conversationText } from '../../../core/regression/fork/conversationText.ts';
import type { Fork } from '../../../core/regression/fork/forkOf.ts';
import { ForkSession } from '../../../core/regression/fork/forkSession.ts';
import { textSource } from '../../../core/source/byteSource.ts';
import type { Run } from '../../../core/trace/model.ts';
import type { Driver } from '../replayRun.ts';

/** What came of a fork. */
export interface ForkedRun {
  /** The new run as a trace of chat messages: what was said before the fork, then what the agent did. */
  readonly text: string;
  /** The recorded run on the left, the new one on the right. */
  readonly compared: ComparedRuns;
  readonly forked: { readonly trace: OpenTrace; readonly run: Run };
  /** Where the new run left the recording, which ended it. A sentence. */
  readonly ended?: string;
  readonly note?: string;
}

/** Runs an agent on from a fork, with recorded tools. Rejects with a sentence when it could not be run, or when aborted. */
export async function forkRun(
  fork: Fork,
  [source, sourceRun]: readonly [Pick<OpenTrace, 'steps'>, Run],
  drive: Driver,
  signal: AbortSignal,
): Promise<ForkedRun> {
  const session = new ForkSession(fork);
  const { note } = await drive(session, signal);
  signal.throwIfAborted();
  const text = conversationText(session.messages, session.tools);
  const opened = await openTrace(textSource('fork.trace.json', text), { signal });
  const [run] = opened.ok ? opened.value.trace.runs : [];
  if (!opened.ok || run === undefined) throw new Error('The forked run holds no step.');
  const trace = opened.value;
  return {
    text,
    compared: besides(asForked(await callsOf(source, sourceRun, signal), fork), await callsOf(trace, run, signal)),
    forked: { trace, run },
    ...(session.ended !== undefined && { ended: session.ended }),
    ...(note !== undefined && { note }),
  };
}

/** The recorded calls as the fork knows them: a secret that it never saw is no difference. */
function asForked({ calls, ...said }: RunCalls, fork: Fork): RunCalls {
  const known = calls.map((placed, i) => {
    const call = fork.calls[i];
    if (call === undefined || !placed.call.argumentsRecorded) return placed;
    return { ...placed, call: comparedCall({ tool: call.tool, arguments: call.arguments, argumentsRecorded: true }) };
  });
  return { ...said, calls: known };
}
