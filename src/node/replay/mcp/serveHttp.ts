import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { messageOf } from '../../../core/util/result.ts';

export interface ServedHttp {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves MCP over Streamable HTTP on this machine only, at `/mcp`. Each connection gets a server of `make`. Requests that
 * name another host are refused: a page in a browser could send them (DNS rebinding). Rejects when the port is taken.
 */
export async function serveHttp(make: () => Server, port: number): Promise<ServedHttp> {
  const connections = new Map<string, StreamableHTTPServerTransport>();
  const http = createServer((request, response) => {
    serve(request, response).catch((thrown: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(messageOf(thrown));
    });
  });

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    if (new URL(request.url ?? '/', 'http://localhost').pathname !== '/mcp') {
      response.writeHead(404).end('The tools are at /mcp.');
      return;
    }
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? connections.get(id) : undefined;
    const transport = known ?? (await begin());
    await transport.handleRequest(request, response);
  };

  const begin = async () => {
    const { port: taken } = http.address() as AddressInfo;
    const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void connections.set(id, transport),
      onsessionclosed: (id) => void connections.delete(id),
      enableDnsRebindingProtection: true,
      allowedHosts: [`127.0.0.1:${taken}`, `localhost:${taken}`],
    });
    await make().connect(transport);
    return transport;
  };

  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, '127.0.0.1', () => resolve());
  });
  const { port: taken } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}/mcp`,
    close: async () => {
      await Promise.all([...connections.values()].map((transport) => transport.close()));
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
