import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rawText } from '../../../scripts/support/rawText.mjs';
import { runCli } from '../../../test/support/runCli.ts';

/** The guard between the SDK's own client and the SDK's own server, each in a process of its own. */

const shop = resolve(import.meta.dirname, '../../../test/support/agents/mcpShop.mjs');
const built = mkdtempSync(join(tmpdir(), 'hindstep-guard-cli-'));
const bundle = join(built, 'cli.mjs');
let folder = '';
let clients: Client[] = [];

beforeAll(async () => {
  const requireOf =
    "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);";
  await build({
    entryPoints: [resolve(import.meta.dirname, '../../cli/main.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: requireOf },
    logLevel: 'silent',
    plugins: [rawText],
  });
}, 60_000);
afterAll(() => rmSync(built, { recursive: true, force: true }));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hindstep-guard-'));
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  clients = [];
  rmSync(folder, { recursive: true, force: true });
});

const POLICY = `{
  // What this shop allows.
  "tools": {
    "cancel_order": { "requiresApproval": true, "effect": "irreversible" },
    "create_order": { "mostCalls": 1, "effect": "write", "inverse": "cancel_order" },
    "send_mail": { "requiresApproval": false, "arguments": { "to": { "matches": "@example\\\\.com$" } } },
  },
  "deny": ["drop_*"],
}`;

type Answer = 'accept' | 'decline' | 'cancel';
interface Asked {
  readonly questions: string[];
  readonly client: Client;
}

async function connect(args: readonly string[], answer?: Answer | (() => Promise<Answer>)): Promise<Asked> {
  const client = new Client(
    { name: 'test', version: '1' },
    { capabilities: answer === undefined ? {} : { elicitation: {} } },
  );
  const questions: string[] = [];
  if (answer !== undefined) {
    client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
      questions.push(params.message);
      return { action: typeof answer === 'string' ? answer : await answer(), content: {} };
    });
  }
  clients.push(client);
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [...args], stderr: 'pipe' }));
  return { client, questions };
}

const place = (name: string) => join(folder, name);
const lines = (name: string): Record<string, unknown>[] =>
  existsSync(place(name))
    ? readFileSync(place(name), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    : [];
const reached = () => lines('server.log').flatMap(({ tool }) => (tool === undefined ? [] : [tool]));
const audit = (event: string) => lines('audit.jsonl').filter((line) => line.event === event);

function guarded(...options: string[]): string[] {
  if (!existsSync(place('policy.json'))) writeFileSync(place('policy.json'), POLICY);
  const own = ['--policy', place('policy.json'), '--audit', place('audit.jsonl'), ...options];
  return [bundle, 'guard', ...own, '--', process.execPath, shop, place('server.log')];
}

const call = (client: Client, name: string, args: Record<string, unknown> = {}) =>
  client.callTool({ name, arguments: args });
const textOf = (result: unknown) => JSON.stringify((result as { content: unknown }).content);

describe('hindstep guard', () => {
  it('is the server itself to a client: tools, resources, prompts, progress and answers are the same', async () => {
    const { client: direct } = await connect([shop, place('direct.log')]);
    const { client: through } = await connect(guarded());
    const all = async (client: Client) => {
      const progress: unknown[] = [];
      return [
        client.getServerVersion(),
        client.getServerCapabilities(),
        await client.listTools(),
        await client.listResources(),
        await client.readResource({ uri: 'shop://a' }),
        await client.listPrompts(),
        await client.getPrompt({ name: 'p' }),
        await call(client, 'get_order', { order_id: 'Ä-1', n: '12345678901234567890' }),
        await client.callTool({ name: 'slow', arguments: { ms: 1 } }, undefined, {
          onprogress: (p) => progress.push(p),
        }),
        progress,
        await client.ping(),
      ];
    };
    expect(JSON.stringify(await all(through))).toBe(JSON.stringify(await all(direct)));
  });

  it('passes what the client writes on byte for byte, and nothing that is no JSON', async () => {
    writeFileSync(place('echo.mjs'), "process.stdin.on('data', (d) => process.stdout.write(d));");
    writeFileSync(place('policy.json'), '{"deny": ["no"]}');
    const own = ['--policy', place('policy.json'), '--', process.execPath, place('echo.mjs')];
    const child = spawn(process.execPath, [bundle, 'guard', ...own], { stdio: ['pipe', 'pipe', 'ignore'] });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    const odd =
      '{ "id":1 ,"jsonrpc":"2.0", "method":"tools/call","params":{"name":"get_x","arguments":{"n":1.0,"i":12345678901234567890}} }\r\n';
    const batch = '[{"id":2,"method":"ping"},{"id":3,"method":"tools/call","params":{"name":"no"}}]\n';
    child.stdin.end(`${odd}no json\n${batch}{"method":"tools/call","params":{"name":"get_x"}}\n{"id":9,"method":"x"}`);
    await new Promise((resolve) => child.once('close', resolve));
    expect(out).toContain(odd);
    expect(out).toContain('{"id":2,"method":"ping"}\n');
    expect(out).toContain('{"id":9,"method":"x"}');
    expect(out).toContain('This is no JSON');
    expect(out).toContain('no is a tool that the policy denies. The call was not made.');
    expect(out.match(/get_x/g)).toHaveLength(1);
  });

  it('refuses what the policy forbids before it reaches the server, and says why', async () => {
    const { client } = await connect(guarded());
    const denied = await call(client, 'drop_table');
    expect(denied).toMatchObject({ isError: true });
    expect(textOf(denied)).toContain('drop_table is a tool that the policy denies. The call was not made.');
    expect(textOf(await call(client, 'send_mail', { to: 'eve@evil.test' }))).toContain('to does not match');
    expect(await call(client, 'send_mail', { to: 'ann@example.com' })).not.toMatchObject({ isError: true });
    expect(reached()).toEqual(['send_mail']);
  });

  it('counts calls, also ones that are made at once', async () => {
    const { client } = await connect(guarded());
    const both = await Promise.all([
      call(client, 'create_order', { sku: 'a' }),
      call(client, 'create_order', { sku: 'b' }),
    ]);
    expect(both.map(({ isError }) => isError === true)).toEqual([false, true]);
    expect(textOf(both[1])).toContain('create_order is called once more, after 1 call that worked');
    expect(reached()).toEqual(['create_order']);
  });

  it.each([
    ['accept', 'accepted', ['cancel_order']],
    ['decline', 'declined', []],
    ['cancel', 'cancelled', []],
  ] as const)('asks the person: %s', async (answer, approval, calls) => {
    const { client, questions } = await connect(guarded(), answer);
    const result = await call(client, 'cancel_order', { order_id: 'A-1', password: 'hunter2hunter2' });
    expect(questions).toHaveLength(1);
    expect(questions[0]).toContain(
      'The policy wants each call of cancel_order approved. Shall cancel_order be called? {"order_id":"A-1"',
    );
    expect(questions[0]).not.toContain('hunter2hunter2');
    expect(result.isError === true).toBe(calls.length === 0);
    expect(reached()).toEqual(calls);
    expect(audit('approval')).toMatchObject([{ tool: 'cancel_order', approval }]);
    expect(audit('result')).toMatchObject([{ result: calls.length === 0 ? 'not called' : 'ok' }]);
  });

  it('refuses where the client can not ask, and says how to approve; with --approve the call is made', async () => {
    const { client } = await connect(guarded());
    const refused = textOf(await call(client, 'cancel_order', { order_id: 'A-1' }));
    expect(refused).toContain('--approve cancel_order');
    expect(reached()).toEqual([]);
    const { client: other } = await connect(guarded('--approve', 'get_order, cancel_*'));
    expect(await call(other, 'cancel_order', { order_id: 'A-1' })).not.toMatchObject({ isError: true });
    expect(audit('approval').map(({ approval }) => approval)).toEqual(['could not be asked', '--approve']);
  });

  it('takes a question back when the call is cancelled, and passes other cancellations on', async () => {
    let asked = () => {};
    const asking = new Promise<void>((resolve) => (asked = resolve));
    const { client } = await connect(guarded(), async () => {
      asked();
      return new Promise<Answer>(() => {});
    });
    const stop = new AbortController();
    const cancelled = client.callTool({ name: 'cancel_order', arguments: {} }, undefined, { signal: stop.signal });
    await asking;
    stop.abort('no more');
    await expect(cancelled).rejects.toThrow();
    await expect.poll(() => audit('approval')).toMatchObject([{ approval: 'cancelled' }]);
    const other = new AbortController();
    const slow = client.callTool({ name: 'slow', arguments: { ms: 60_000 } }, undefined, { signal: other.signal });
    await expect.poll(reached).toEqual(['slow']);
    other.abort();
    await expect(slow).rejects.toThrow();
    await expect.poll(() => readFileSync(place('server.log'), 'utf8')).toContain('"cancelled"');
    await expect
      .poll(() => audit('result').map(({ tool, result }) => [tool, result]))
      .toEqual([
        ['cancel_order', 'not called'],
        ['slow', 'unknown'],
      ]);
  });

  it('keeps a log of every call with what would undo it, without secrets, for its owner only; --undo prints it', async () => {
    const { client } = await connect(guarded());
    await client.listTools();
    await call(client, 'create_order', { sku: 'pen' });
    await call(client, 'send_mail', {
      to: 'ann@example.com',
      body: 'key sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD',
    });
    await call(client, 'drop_all', { why: 'call me at +1 415 555 2671' });
    const text = readFileSync(place('audit.jsonl'), 'utf8');
    expect(audit('call').map(({ call: number, tool, decision }) => [number, tool, decision])).toEqual([
      [1, 'create_order', 'allow'],
      [2, 'send_mail', 'refuse'],
      [3, 'drop_all', 'refuse'],
    ]);
    expect(audit('result')).toMatchObject([
      { call: 1, result: 'ok', undo: { tool: 'cancel_order', arguments: { order_id: 'A-7' } } },
      { call: 2, result: 'not called' },
      { call: 3, result: 'not called' },
    ]);
    expect(text).not.toMatch(/ann@example|sk-proj|555 2671/);
    const { code, lines: said } = await runCli('guard', '--undo', place('audit.jsonl'));
    expect([code, said]).toEqual([
      0,
      [expect.stringMatching(/^cancel_order {"order_id":"A-7"} {2}\(undoes create_order of 20/)],
    ]);
    expect(reached()).toEqual(['create_order']);
  });

  it.runIf(process.platform === 'linux')('makes no call that it can not put on record', async () => {
    const [command, ...args] = guarded();
    const { client } = await connect([
      command ?? '',
      ...args.map((one) => (one === place('audit.jsonl') ? '/dev/full' : one)),
    ]);
    expect(textOf(await call(client, 'get_order', { order_id: 'A-1' }))).toContain('audit log can not be written');
    expect(reached()).toEqual([]);
  });

  it('answers the calls under way when the server crashes', async () => {
    const { client } = await connect(guarded());
    await expect(call(client, 'crash')).rejects.toThrow('The server ended with exit code 3.');
    expect(audit('result')).toMatchObject([{ tool: 'crash', result: 'unknown' }]);
  });

  it('passes huge answers on', async () => {
    const { client } = await connect(guarded());
    // The SDK's client takes no more than 10 MB.
    const { content } = (await call(client, 'huge', { length: 9_000_000 })) as { content: { text: string }[] };
    expect(content[0]?.text.length).toBe(9_000_000);
    expect(audit('result')).toMatchObject([{ tool: 'huge', result: 'ok' }]);
  });

  it('ends a server whose message never ends', async () => {
    const endless =
      "const x = 'x'.repeat(1e6); const go = () => process.stdout.write(x, go); process.stdin.once('data', go);";
    writeFileSync(place('endless.mjs'), endless);
    writeFileSync(place('policy.json'), POLICY);
    const own = ['--policy', place('policy.json'), '--', process.execPath, place('endless.mjs')];
    const child = spawn(process.execPath, [bundle, 'guard', ...own], { stdio: 'pipe' });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (t: string) => (said += t));
    child.stdin.write('{"id":1,"method":"tools/call","params":{"name":"get_a"}}\n');
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(1);
    expect(said).toContain('The server sent a message of more than 64 MB; the guard ends it.');
    expect(said).toContain('"id":1,"error":{"code":-32000,"message":"The server was ended by SIGKILL."}');
  }, 30_000);

  it('ends the server and all that it started when the client goes', async () => {
    const { client } = await connect(guarded());
    await call(client, 'get_order', { order_id: 'A-1' });
    const child = Number(lines('server.log')[0]?.child);
    expect(isRunning(child)).toBe(true);
    await client.close();
    await expect.poll(() => isRunning(child), { timeout: 10_000 }).toBe(false);
  });

  it.each([
    ['nonsense', '{\n  "tools": {"a": {"efect": "read"}}\n}', /policy\.json:2:19: "efect" means nothing here/],
    ['no JSON', '{"deny": [', /policy\.json:1:\d+: The policy is no JSON here/],
  ])('does not start with a policy that is %s', async (_name, policy, sentence) => {
    writeFileSync(place('policy.json'), policy);
    const [, ...args] = guarded();
    const { code, errors } = await runCli(...args);
    expect([code, existsSync(place('server.log'))]).toEqual([2, false]);
    expect(errors[0]).toMatch(sentence);
  });

  it('does not start without a server, a policy, or a place for its log', async () => {
    writeFileSync(place('policy.json'), POLICY);
    const policy = ['--policy', place('policy.json')];
    expect((await runCli('guard', ...policy)).errors).toEqual(['Name the command of the server after --.']);
    expect((await runCli('guard', '--policy', place('none.json'), '--', 'x')).code).toBe(2);
    const nowhere = await runCli('guard', ...policy, '--audit', place('none/a.jsonl'), '--', 'x');
    expect(nowhere.errors[0]).toMatch(/^The audit log can't be opened/);
    expect((await runCli('guard', '--undo', place('policy.json'))).errors[0]).toMatch(/is no audit log/);
  });
});

function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}
