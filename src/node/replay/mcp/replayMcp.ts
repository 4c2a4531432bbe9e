import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { Fixture } from '../../../core/regression/fixture.ts';
import type { ReplaySession } from '../../../core/regression/replay/replaySession.ts';
import { replayServer, type ServedCall } from './replayServer.ts';
import { type ServedHttp, serveHttp } from './serveHttp.ts';

// An entry of its own (dist/replayMcp.mjs), loaded only when somebody replays over MCP: what opens a socket is in no other.

export type { ServedCall } from './replayServer.ts';
export type { ServedHttp } from './serveHttp.ts';

/** Serves a session's tools over standard input and output until the client ends the connection or `stopped` settles. */
export async function replayOverStdio(
  session: ReplaySession,
  recording: Fixture['recording'],
  log: (call: ServedCall) => void,
  stopped: Promise<void>,
): Promise<void> {
  const server = replayServer(session, recording, log);
  const transport = new StdioServerTransport();
  const closed = new Promise<void>((resolve) => {
    server.onclose = resolve;
    // The SDK's transport does not notice that its input has ended.
    process.stdin.once('end', resolve).once('close', resolve);
    void stopped.then(resolve);
  });
  await server.connect(transport);
  await closed;
  await server.close();
}

/** Serves a session's tools over Streamable HTTP on this machine; port 0 takes a free one. */
export function replayOverHttp(
  session: ReplaySession,
  recording: Fixture['recording'],
  log: (call: ServedCall) => void,
  port: number,
): Promise<ServedHttp> {
  return serveHttp(() => replayServer(session, recording, log), port);
}
