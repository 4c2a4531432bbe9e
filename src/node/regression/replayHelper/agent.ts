import type { Fixture, FixtureCall, FixtureMessage, FixtureTool } from '../../../core/regression/fixture.ts';
import { asArray, asText, field, isObject, type Json, type JsonObject, tryParse } from '../../../core/util/json.ts';

/** What an agent is given. */
export interface AgentInput {
  readonly goal: string;
  readonly messages: readonly FixtureMessage[];
  readonly tools: readonly FixtureTool[];
  /** What was recorded of the world at the decision: `{ state, clock, seed }`, each where it is known. */
  readonly environment: Fixture['environment'];
  readonly callTool: (tool: string, args?: unknown) => Promise<Json>;
}

/** The agent under test: answers its final text, a message with `content`, or calls that it wants to be made. */
export type Agent = (input: AgentInput) => unknown;

/** The tool calls that an agent answers instead of making them: one, or a message with several. */
export function callsOf(answer: unknown): FixtureCall[] {
  const tool = asText(field(answer, 'tool'));
  if (tool !== undefined) return [{ tool, arguments: argumentsOf(field(answer, 'arguments')) }];
  return asArray(field(answer, 'toolCalls') ?? field(answer, 'tool_calls')).map((call) => {
    const made = field(call, 'function') ?? call;
    return {
      tool: String(field(made, 'tool') ?? field(made, 'name')),
      arguments: argumentsOf(field(made, 'arguments')),
    };
  });
}

/** What an agent says with its answer. */
export function textOf(answer: unknown): string {
  return typeof answer === 'string' ? answer : wordsOf(field(answer, 'content') ?? field(answer, 'finalText'));
}

/** Arguments as JSON sees them, so that later changes by the agent change nothing here; a text is read as JSON. */
export function argumentsOf(args: unknown): JsonObject {
  const value = typeof args === 'string' ? tryParse(args) : plain(args ?? {});
  return isObject(value) ? value : {};
}

/** A copy as JSON sees it. */
export function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value) ?? 'null') as Json;
}

/** The text of a message's content: as it is, or its parts' texts one below the other. */
export function wordsOf(content: Json | undefined): string {
  if (Array.isArray(content)) return content.map((part) => asText(field(part, 'text')) ?? '').join('\n');
  return asText(content) ?? '';
}
