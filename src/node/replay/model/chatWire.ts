import type { FixtureMessage, FixtureTool } from '../../../core/regression/fixture.ts';
import type { Json, JsonObject } from '../../../core/util/json.ts';

/** Names as OpenAI's API takes them; recorded ones may hold dots, slashes or more. */
const TAKEN = /^[\w-]{1,64}$/;

/** The names of tools as they go over the wire, and back. */
export class WireNames {
  private readonly there = new Map<string, string>();
  private readonly back = new Map<string, string>();

  constructor(names: readonly string[]) {
    for (const name of names.filter((one) => TAKEN.test(one))) this.add(name, name);
    for (const name of names.filter((one) => !TAKEN.test(one))) this.add(name, this.free(name));
  }

  sent(name: string): string {
    return this.there.get(name) ?? name;
  }

  recorded(name: string): string {
    return this.back.get(name) ?? name;
  }

  private add(name: string, sent: string): void {
    this.there.set(name, sent);
    this.back.set(sent, name);
  }

  private free(name: string): string {
    const base = name.replace(/[^\w-]/g, '_').slice(0, 60) || 'tool';
    for (let n = 1; ; n++) {
      const sent = n === 1 ? base : `${base}_${n}`;
      if (!this.back.has(sent)) return sent;
    }
  }
}

/** A message as an OpenAI-compatible endpoint takes it. */
export function wireMessage({ role, content, toolCalls, toolCallId }: FixtureMessage, names: WireNames): JsonObject {
  const calls = toolCalls?.map(({ id, name, arguments: args }) => ({
    id,
    type: 'function',
    function: { name: names.sent(name), arguments: JSON.stringify(args) },
  }));
  return {
    role,
    content,
    ...(calls && { tool_calls: calls }),
    ...(toolCallId !== undefined && { tool_call_id: toolCallId }),
  };
}

/** A tool with its recorded schema; where none was recorded, any object will do. */
export function wireTool({ name, description, inputSchema }: FixtureTool, names: WireNames): Json {
  return {
    type: 'function',
    function: {
      name: names.sent(name),
      ...(description !== undefined && { description }),
      parameters: { ...inputSchema, type: 'object', properties: inputSchema?.properties ?? {} },
    },
  };
}
