import type { OpenTrace } from '../formats/openTrace.ts';
import type { Run, Step } from '../trace/model.ts';
import { partsText } from '../trace/stepText.ts';
import { type Aligned, align, firstDivergence } from './align.ts';
import { type ComparedCall, comparedCall } from './call.ts';

/** A call of a run, small enough to keep for every one. */
export interface PlacedCall {
  readonly step: number;
  /** Index into the step's actions. */
  readonly action: number;
  readonly call: ComparedCall;
}

export interface RunCalls {
  readonly calls: readonly PlacedCall[];
  /** What the agent said last, with no call in it. */
  readonly finalText?: string;
}

/** Two runs side by side. */
export interface ComparedRuns {
  readonly left: RunCalls;
  readonly right: RunCalls;
  readonly aligned: readonly Aligned[];
  /** Where they part; undefined when they make the same calls. */
  readonly first?: Aligned;
}

/** Lays the calls of two runs side by side. Each is gone through once; rejects when one can't be read. */
export async function compareRuns(
  [leftTrace, leftRun]: readonly [Pick<OpenTrace, 'steps'>, Run],
  [rightTrace, rightRun]: readonly [Pick<OpenTrace, 'steps'>, Run],
  signal?: AbortSignal,
): Promise<ComparedRuns> {
  return besides(await callsOf(leftTrace, leftRun, signal), await callsOf(rightTrace, rightRun, signal));
}

/** The same of calls that were gathered before. */
export function besides(left: RunCalls, right: RunCalls): ComparedRuns {
  const calls = (run: RunCalls) => run.calls.map(({ call }) => call);
  const aligned = align(calls(left), calls(right));
  const first = firstDivergence(aligned);
  return { left, right, aligned, ...(first !== undefined && { first }) };
}

/** The calls of a run, gone through once. */
export async function callsOf(trace: Pick<OpenTrace, 'steps'>, run: Run, signal?: AbortSignal): Promise<RunCalls> {
  const calls: PlacedCall[] = [];
  let finalText: string | undefined;
  for await (const step of trace.steps(run, 0, run.steps.length, signal)) {
    finalText = textAfter(step, finalText);
    for (const [i, action] of step.actions.entries()) {
      calls.push({ step: step.index, action: i, call: comparedCall(action) });
    }
  }
  return { calls, ...(finalText !== undefined && { finalText }) };
}

/** The agent's last words so far: a call after them takes them back. */
function textAfter({ kind, actions, message }: Step, before: string | undefined): string | undefined {
  if (actions.length > 0) return undefined;
  if (kind === 'user' || kind === 'system') return before;
  const words = partsText(message ?? []);
  return words.trim() === '' ? before : words;
}
