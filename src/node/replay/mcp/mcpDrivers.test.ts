import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawText } from '../../../../scripts/support/rawText.mjs';
import { chatModel } from '../../../../test/support/chatModel.ts';
import { DUPLICATE_ORDER } from '../../../../test/support/fixtureFile.ts';
import { runCli } from '../../../../test/support/runCli.ts';
import { ReplaySession } from '../../../core/regression/replay/replaySession.ts';
import { replayOverHttp, type ServedCall } from './replayMcp.ts';

const agent = resolve(import.meta.dirname, '../../../../test/support/agents/mcpAgent.mjs');
const folder = mkdtempSync(join(tmpdir(), 'hindstep-replay-'));
const fixture = join(folder, 'cancel.fixture.json');

beforeAll(() => writeFileSync(fixture, JSON.stringify(DUPLICATE_ORDER)));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a recording over HTTP', () => {
  async function serve() {
    const session = new ReplaySession(DUPLICATE_ORDER);
    const log: ServedCall[] = [];
    const served = await replayOverHttp(session, DUPLICATE_ORDER.recording, (call) => log.push(call), 0);
    return { session, log, served };
  }

  async function connect(url: string) {
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(new URL(url)));
    return client;
  }

  it('has the recorded tools with their schemas, answers calls, and says where a run leaves the recording', async () => {
    const { session, log, served } = await serve();
    const client = await connect(served.url);
    const { tools } = await client.listTools();
    expect(tools).toMatchObject([
      { name: 'list_orders', description: 'Lists orders.', annotations: { readOnlyHint: true } },
      { name: 'cancel_order', inputSchema: { type: 'object', required: ['order_id'] } },
    ]);
    const listed = await client.callTool({ name: 'list_orders', arguments: {} });
    expect(listed).toMatchObject({ isError: false, structuredContent: { orders: ['A-1041', 'A-1042', 'A-1050'] } });
    const missed = await client.callTool({ name: 'cancel_order', arguments: { order_id: 'A-1041' } });
    expect(missed).toMatchObject({ isError: true });
    expect(JSON.stringify(missed.content)).toContain('recorded call 2 differs in /order_id: A-1050, got A-1041');
    expect(log.map((call) => call.answer)).toEqual(['recorded', 'not recorded']);
    expect(session.judgement().problems[0]).toContain('differs in /order_id');
    await client.close();
    await served.close();
  });

  it('is one run for several connections', async () => {
    const { session, served } = await serve();
    const [one, other] = [await connect(served.url), await connect(served.url)];
    await one.callTool({ name: 'list_orders', arguments: {} });
    await other.callTool({ name: 'cancel_order', arguments: { order_id: 'A-1042' } });
    expect(session.judgement().problems).toEqual([]);
    await Promise.all([one.close(), other.close()]);
    await served.close();
  });

  it('refuses requests that came for another host', async () => {
    const { served, log } = await serve();
    const { port } = new URL(served.url);
    const status = await new Promise((resolve) => {
      const asked = request(
        {
          port,
          path: '/mcp',
          method: 'POST',
          headers: {
            host: 'evil.example',
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
          },
        },
        (response) => resolve(response.resume().statusCode),
      );
      asked.end(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }));
    });
    expect(status).toBe(403);
    expect(log).toEqual([]);
    await served.close();
  });
});

describe('hindstep replay', () => {
  /** The sample agent's model, with its bug or without. */
  const model = (orderId: string) =>
    chatModel(({ messages }) => {
      const results = messages.filter(({ role }) => role === 'tool').length;
      if (results === 0) return { calls: [['list_orders', {}]] };
      if (results === 1) return { calls: [['cancel_order', { order_id: orderId }]] };
      return { say: `I cancelled ${orderId}.` };
    });

  it.each([
    ['A-1042', 0],
    ['A-1050', 1],
  ])('runs a real agent loop that cancels %s, and exits with %i', async (orderId, expected) => {
    const stub = await model(orderId);
    const result = join(folder, `${orderId}.json`);
    const command = [process.execPath, agent, '{url}', stub.url, '{goal}'];
    const { code, lines, errors } = await runCli('replay', fixture, '--result', result, '--', ...command);
    expect([code, ...errors.filter((line) => !line.startsWith('{'))]).toEqual([expected]);
    expect(lines[0]).toMatch(expected === 0 ? /^The run holds: 2 calls/ : /^The run does not hold \(2 calls\)/);
    expect(stub.requests[0]?.messages[0]).toMatchObject({ content: DUPLICATE_ORDER.goal });
    expect(stub.requests[0]?.tools?.map(({ function: { name } }) => name)).toEqual(['list_orders', 'cancel_order']);
    expect(JSON.parse(readFileSync(result, 'utf8'))).toMatchObject({
      status: expected === 0 ? 'held' : 'broken',
      finalText: `I cancelled ${orderId}.`,
      calls: [{ tool: 'list_orders' }, { tool: 'cancel_order', arguments: { order_id: orderId } }],
    });
    await stub.close();
  });

  it('writes no secret that the agent said into the result', async () => {
    const result = join(folder, 'secret.json');
    const says = ['-e', 'console.log("done for ana@example.org, password is hunter22x")'];
    await runCli('replay', fixture, '--result', result, '--', process.execPath, ...says);
    const { finalText } = JSON.parse(readFileSync(result, 'utf8')) as { finalText: string };
    expect(finalText.trim()).toBe('done for <EMAIL_1>, password is <PASSWORD_1>');
  });

  it('judges a command that calls nothing, and says what it wrote when it failed', async () => {
    const { code, lines, errors } = await runCli('replay', fixture, '--', process.execPath, '-e', 'throw "no model"');
    expect(code).toBe(1);
    expect(lines.join('\n')).toContain('cancel_order');
    expect(errors.join('\n')).toContain('no model');
  });

  it('could not judge a program that is not there, a file that is no fixture, or two ways at once', async () => {
    expect(await runCli('replay', fixture, '--', 'no-such-program-here')).toMatchObject({ code: 2 });
    expect(await runCli('replay', agent, '--mcp')).toMatchObject({ code: 2, errors: [expect.stringContaining(agent)] });
    expect(await runCli('replay', fixture, '--mcp', '--http', '0')).toMatchObject({
      code: 2,
      errors: [expect.stringContaining('Choose one way')],
    });
  });

  it('is an MCP server over standard input and output, and judges when the client is done', async () => {
    const bundle = join(folder, 'cli.mjs');
    const requireOf =
      "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);";
    await build({
      entryPoints: [resolve(import.meta.dirname, '../../../cli/main.ts')],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      format: 'esm',
      mainFields: ['module', 'main'],
      banner: { js: requireOf },
      logLevel: 'silent',
      plugins: [rawText],
    });
    const result = join(folder, 'stdio.json');
    const client = new Client({ name: 'test', version: '1' });
    const args = [bundle, 'replay', fixture, '--mcp', '--result', result];
    const transport = new StdioClientTransport({ command: process.execPath, args, stderr: 'pipe' });
    await client.connect(transport);
    expect((await client.listTools()).tools).toHaveLength(2);
    await client.callTool({ name: 'list_orders', arguments: {} });
    await client.callTool({ name: 'cancel_order', arguments: { order_id: 'A-1050' } });
    await client.close();
    await expect
      .poll(() => JSON.parse(readFileSync(result, 'utf8')), { timeout: 10_000 })
      .toMatchObject({
        status: 'broken',
        problems: expect.arrayContaining([expect.stringContaining('A-1050')]),
      });
  }, 60_000);
});
