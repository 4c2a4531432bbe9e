import type { Json } from '../../util/json.ts';
import type { Fixture, FixtureMessage } from '../fixture.ts';
import { CORRECTED } from '../replay/recordedAnswers.ts';

/** Messages as OpenAI's chat has them. */
export function chatMessages(messages: readonly FixtureMessage[]): Json[] {
  return messages.map(({ role, content, toolCalls, toolCallId }) => ({
    role,
    content,
    ...(toolCalls !== undefined && {
      tool_calls: toolCalls.map(({ id, name, arguments: args }) => ({
        id,
        type: 'function',
        function: { name, arguments: JSON.stringify(args) },
      })),
    }),
    ...(toolCallId !== undefined && { tool_call_id: toolCallId }),
  }));
}

/** The run as it should have been: what was said and called before the failing step, then the correction. */
export function correctedMessages({
  messages,
  correction,
}: Pick<Fixture, 'messages' | 'correction'>): FixtureMessage[] {
  return [...messages, ...decisionMessages(correction)];
}

/** The corrected decision alone. What its calls would have answered is not known but for that they were made. */
export function decisionMessages({ calls, message }: Fixture['correction']): FixtureMessage[] {
  const toolCalls = calls.map(({ tool, arguments: args }, i) => ({
    id: `corrected-${i + 1}`,
    name: tool,
    arguments: args,
  }));
  const final = message ?? '';
  return [
    ...(toolCalls.length === 0 ? [] : [{ role: 'assistant' as const, content: '', toolCalls }]),
    ...toolCalls.map(({ id }) => ({ role: 'tool' as const, content: JSON.stringify(CORRECTED), toolCallId: id })),
    ...(final === '' ? [] : [{ role: 'assistant' as const, content: final }]),
  ];
}
