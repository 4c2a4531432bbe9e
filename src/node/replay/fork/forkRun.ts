import { comparedCall } from '../../../core/compare/call.ts';
import { besides, type ComparedRuns, callsOf, type PlacedCall } from '../../../core/compare/compareRuns.ts';
import type { OpenTrace } from '../../../core/formats/openTrace.ts';
import { openTrace } from '../../../core/formats/openTrace.ts';
import { conversationText } from '../../../core/regression/fork/conversationText.ts';
import type { Fork } from '../../../core/regression/fork/forkOf.ts';
import { ForkSession } from '../../../core/regression/fork/forkSession.ts';
import { textSource } from '../../../core/source/byteSource.ts';
import type { Action, ContentPart, Run, Step } from '../../../core/trace/model.ts';
import type { Driver } from '../replayRun.ts';

/** What came of a fork. */
export interface ForkedRun {
  /** The new run as a trace of chat messages: what was said before the fork, then what the agent did. */
  readonly text: string;
  /** The recorded run on the left, the new one on the right. */
  readonly compared: ComparedRuns;
  /** The recorded run as the fork knows it: without secrets. */
  readonly known: Pick<OpenTrace, 'step'>;
  readonly forked: { readonly trace: OpenTrace; readonly run: Run };
  /** Where the new run left the recording, which ended it. A sentence. */
  readonly ended?: string;
  readonly note?: string;
}

/** Runs an agent on from a fork, with recorded tools. Rejects with a sentence when it could not be run, or when aborted. */
export async function forkRun(
  fork: Fork,
  [source, sourceRun]: readonly [Pick<OpenTrace, 'step' | 'steps'>, Run],
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
  const recorded = await callsOf(source, sourceRun, signal);
  return {
    text,
    compared: besides({ ...recorded, calls: recorded.calls.map(asKnown(fork)) }, await callsOf(trace, run, signal)),
    known: { step: async (of, index) => withoutSecrets(await source.step(of, index), recorded.calls, fork) },
    forked: { trace, run },
    ...(session.ended !== undefined && { ended: session.ended }),
    ...(note !== undefined && { note }),
  };
}

/** A recorded call as the fork knows it: a secret that it never saw is no difference. */
function asKnown(fork: Fork) {
  return (placed: PlacedCall, i: number): PlacedCall => {
    const call = fork.calls[i];
    if (call === undefined || !placed.call.argumentsRecorded) return placed;
    return { ...placed, call: comparedCall({ tool: call.tool, arguments: call.arguments, argumentsRecorded: true }) };
  };
}

/** A recorded step likewise; `calls` say which of the fork's are its own. */
function withoutSecrets(step: Step, calls: readonly PlacedCall[], fork: Fork): Step {
  const first = calls.findIndex((placed) => placed.step === step.index);
  const actions = step.actions.map((action, i): Action => {
    const call = fork.calls[first + i];
    if (call === undefined) return action;
    const { observation: answer, arguments: args } = call;
    const part: ContentPart =
      typeof answer === 'string' ? { type: 'text', text: answer } : { type: 'json', value: answer };
    const { observation } = action;
    return { ...action, arguments: args, ...(observation && { observation: { ...observation, content: [part] } }) };
  });
  return { ...step, actions };
}
