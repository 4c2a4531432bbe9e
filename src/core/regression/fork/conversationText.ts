import type { JsonObject } from '../../util/json.ts';
import type { FixtureMessage, FixtureTool } from '../fixture.ts';

/** A conversation with its tools as a trace of OpenAI chat messages: what anybody's reader knows, ours too. */
export function conversationText(messages: readonly FixtureMessage[], tools: readonly FixtureTool[]): string {
  const document = {
    messages: messages.map(chatMessage),
    ...(tools.length > 0 && { tools: tools.map(chatTool) }),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function chatMessage({ role, content, toolCalls, toolCallId }: FixtureMessage): JsonObject {
  const calls = toolCalls?.map(({ id, name, arguments: args }) => ({
    id,
    type: 'function',
    function: { name, arguments: JSON.stringify(args) },
  }));
  return {
    role,
    content,
    ...(calls && { tool_calls: calls }),
    ...(toolCallId !== undefined && { tool_call_id: toolCallId }),
  };
}

function chatTool({ name, description, inputSchema }: FixtureTool): JsonObject {
  return {
    type: 'function',
    function: {
      name,
      ...(description !== undefined && { description }),
      ...(inputSchema !== undefined && { parameters: inputSchema }),
    },
  };
}
