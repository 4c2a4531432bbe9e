import { openTrace } from '../../core/formats/openTrace.ts';
import type { FixtureMessage } from '../../core/regression/fixture.ts';
import { conversationText } from '../../core/regression/fork/conversationText.ts';
import { firstFault } from '../../core/regression/results/callLines.ts';
import { textSource } from '../../core/source/byteSource.ts';
import type { FixtureRun } from './runFixtures.ts';

/** What an agent did under a test as a trace, and the place in it that a person wants to see. */
export interface RunTrace {
  /** OpenAI chat messages. */
  readonly text: string;
  readonly run: string;
  /** Index of the step at which it left what is expected; of one that holds, of its decision. */
  readonly step: number;
}

/** Undefined where no agent was run, or its run can't be read. */
export async function runTraceOf({ test, messages, made, calls }: FixtureRun): Promise<RunTrace | undefined> {
  if (test === undefined || messages === undefined) return undefined;
  const { fixture } = test;
  const told = messages.reduce((sum, { toolCalls = [] }) => sum + toolCalls.length, 0);
  // The messages of a decision are those before it; those of a replay lack the call at which it was ended.
  const isDecision = fixture.mode === 'decision-point';
  const untold = isDecision ? made : made.slice(told);
  const last: FixtureMessage = {
    role: 'assistant',
    content: '',
    toolCalls: untold.map(({ tool, arguments: args }, i) => ({ id: `untold-${i + 1}`, name: tool, arguments: args })),
  };
  const text = conversationText(untold.length === 0 ? messages : [...messages, last], fixture.tools);
  const opened = await openTrace(textSource('run.json', text));
  const [run] = opened.ok ? opened.value.trace.runs : [];
  if (!opened.ok || run === undefined) return undefined;
  const wanted = (firstFault(calls) ?? fixture.failure.position) + (isDecision ? told : 0);
  let seen = 0;
  for await (const { index, actions } of opened.value.steps(run)) {
    seen += actions.length;
    if (seen > wanted) return { text, run: run.id, step: index };
  }
  return { text, run: run.id, step: Math.max(0, run.steps.length - 1) };
}
