import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';
import packageJson from '../../../../package.json' with { type: 'json' };
import type { Fixture } from '../../../core/regression/fixture.ts';
import type { ReplaySession } from '../../../core/regression/replay/replaySession.ts';
import { isObject, type Json, type JsonObject } from '../../../core/util/json.ts';
import { offeredTools } from '../offeredTools.ts';

/** What a call came to, for the log. */
export interface ServedCall {
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly answer: 'recorded' | 'not recorded';
  /** Why it was not answered. */
  readonly sentence?: string;
}

/**
 * The tools of a recording as a server of the Model Context Protocol (2025-06-18 and before, as the SDK speaks it). All
 * connections share the session: an agent may list the tools in one and call them in another. A call that leaves the
 * recording is answered with an error that says where, and so is each one after it: nothing is ever called live.
 */
export function replayServer(
  session: ReplaySession,
  recording: Fixture['recording'],
  log: (call: ServedCall) => void,
): Server {
  const server = new Server(
    { name: 'hindstep-replay', version: packageJson.version },
    { capabilities: { tools: {} }, instructions: 'Tools that answer from a recorded run.' },
  );
  const tools = toolsOf(session.tools, recording);
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => answer(session, params.name, params.arguments, log));
  return server;
}

function answer(
  session: ReplaySession,
  tool: string,
  given: Record<string, unknown> | undefined,
  log: (call: ServedCall) => void,
): CallToolResult {
  // What a JSON message holds is JSON.
  const args = (given ?? {}) as JsonObject;
  const outcome = session.call(tool, args);
  if (outcome.kind === 'answered') {
    log({ tool, arguments: args, answer: 'recorded' });
    return { ...resultOf(outcome.observation), isError: outcome.isError };
  }
  const { sentence } = outcome.kind === 'live' ? session.endWithoutTool(outcome.call) : outcome;
  log({ tool, arguments: args, answer: 'not recorded', sentence });
  return { content: [{ type: 'text', text: `hindstep: ${sentence}` }], isError: true };
}

/** A recorded observation as a result: an object also as structured content, as servers with output schemas send it. */
function resultOf(observation: Json): Pick<CallToolResult, 'content' | 'structuredContent'> {
  const text = typeof observation === 'string' ? observation : JSON.stringify(observation);
  return { content: [{ type: 'text', text }], ...(isObject(observation) && { structuredContent: observation }) };
}

/** The tools with their recorded schemas; of tools that were only called, what is known is that they take an object. */
function toolsOf(declared: Fixture['tools'], recording: Fixture['recording']): Tool[] {
  return offeredTools(declared, recording).map(
    ({ name, description, inputSchema, effect }): Tool => ({
      name,
      ...(description !== undefined && { description }),
      // The protocol asks for an object; some recorded schemas leave the type out.
      inputSchema: { ...inputSchema, type: 'object' },
      ...(effect === 'read' && { annotations: { readOnlyHint: true } }),
    }),
  );
}
