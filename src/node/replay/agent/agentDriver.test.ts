import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DUPLICATE_ORDER } from '../../../../test/support/fixtureFile.ts';
import { runCli } from '../../../../test/support/runCli.ts';
import type { Fixture } from '../../../core/regression/fixture.ts';
import { ReplaySession } from '../../../core/regression/replay/replaySession.ts';
import { replayRun } from '../replayRun.ts';
import { overAgent } from './agentDriver.ts';
import { agentReference } from './agentReference.ts';

const folder = mkdtempSync(join(tmpdir(), 'hindstep-agents-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
async function run(ending: string, text: string, fixture: Fixture = DUPLICATE_ORDER, longest?: number) {
  const file = join(folder, `agent${files++}.${ending}`);
  writeFileSync(file, text);
  const agent = agentReference(`${file}:agent`);
  if (!agent.ok) throw new Error(agent.error);
  const session = new ReplaySession(fixture);
  return replayRun(fixture, session, overAgent(agent.value, fixture, longest), new AbortController().signal);
}

const cancels = (order: string) => `
export async function agent({ goal, messages, tools, callTool }) {
  if (messages.at(-1).content !== goal || tools.length !== 2) throw new Error('told something else');
  const { orders } = await callTool('list_orders');
  if (!orders.includes('${order}')) throw new Error('no such order');
  const done = await callTool('cancel_order', { order_id: '${order}' });
  return 'I cancelled it: ' + done.status;
}`;

describe('an agent in a process of its own', () => {
  it('holds when it is right and not when it is wrong, in JavaScript', async () => {
    expect(await run('mjs', cancels('A-1042'))).toMatchObject({
      status: 'held',
      finalText: 'I cancelled it: ok',
      calls: [{ tool: 'list_orders' }, { tool: 'cancel_order', arguments: { order_id: 'A-1042' } }],
    });
    expect(await run('mjs', cancels('A-1050'))).toMatchObject({
      status: 'broken',
      problems: [{}, {}].map(() => expect.stringContaining('A-10')),
    });
  });

  it('is TypeScript or CommonJS', async () => {
    writeFileSync(join(folder, 'order.ts'), 'export enum Order { Duplicate = "A-1042" }\n');
    const ts = `import { Order } from './order';
interface Told { callTool(tool: string, args?: object): Promise<unknown> }
export const agent = async ({ callTool }: Told): Promise<string> => {
  await callTool('list_orders', {});
  await callTool('cancel_order', { order_id: Order.Duplicate });
  return 'Done.';
};`;
    expect(await run('ts', ts)).toMatchObject({ status: 'held', finalText: 'Done.' });
    const cjs = `exports.agent = async ({ callTool }) => { await callTool('cancel_order', { order_id: 'A-1042' }); return { content: 'Done.' }; };`;
    expect(await run('cjs', cjs)).toMatchObject({ status: 'held', finalText: 'Done.' });
  });

  it.each([
    ['a function', 'def', 'call_tool'],
    ['a coroutine', 'async def', 'await call_tool'],
  ])('is %s in Python', async (_what, def, call) => {
    const python = `
${def} agent(goal, messages, tools, call_tool, environment):
    assert messages[-1]["content"] == goal and environment["seed"] == 7
    orders = ${call}("list_orders")["orders"] if "${def}" == "def" else (${call}("list_orders"))["orders"]
    ${call}("cancel_order", {"order_id": orders[1]})
    print("something of its own")
    return "Done."
`;
    const fixture = { ...DUPLICATE_ORDER, environment: { seed: 7 } };
    expect(await run('py', python, fixture)).toMatchObject({ status: 'held', finalText: 'Done.' });
  });

  it('makes several calls at once, and calls that it answers in place of making them', async () => {
    const atOnce = `export const agent = async ({ callTool }) => {
      const [orders] = await Promise.all([callTool('list_orders'), callTool('cancel_order', { order_id: 'A-1042' })]);
      return orders.orders.join();
    };`;
    expect(await run('mjs', atOnce)).toMatchObject({ status: 'held', finalText: 'A-1041,A-1042,A-1050' });
    const answers = `export const agent = ({ messages }) => messages.some((m) => m.role === 'tool')
      ? 'Done.' : { tool: 'cancel_order', arguments: { order_id: 'A-1042' } };`;
    expect(await run('mjs', answers)).toMatchObject({ status: 'held', finalText: 'Done.' });
  });

  it('goes on when the recorded user does', async () => {
    const fixture: Fixture = {
      ...DUPLICATE_ORDER,
      messages: [
        ...DUPLICATE_ORDER.messages,
        { role: 'assistant', content: 'Which one?' },
        { role: 'user', content: 'A-1042' },
      ],
    };
    const asks = `export const agent = async ({ messages, callTool }) => {
      if (messages.length === 1) return 'Which one do you mean?';
      await callTool('cancel_order', { order_id: messages.at(-1).content });
      return 'Cancelled.';
    };`;
    expect(await run('mjs', asks, fixture)).toMatchObject({ status: 'held', calls: [{ asked: true }] });
  });

  it('is ended where it leaves the recording, whatever it catches', async () => {
    const stubborn = `export const agent = async ({ callTool }) => {
      for (;;) try { await callTool('delete_everything', {}); } catch {}
    };`;
    const result = await run('mjs', stubborn);
    expect(result).toMatchObject({ status: 'broken', calls: [{ tool: 'delete_everything' }] });
    expect('problems' in result && result.problems[0]).toMatch(/left the recording: delete_everything/);
  });

  it('is judged by what it had done when it fails on its way', async () => {
    const fails = `export const agent = async ({ callTool }) => { await callTool('list_orders'); throw new TypeError('bad'); };`;
    expect(await run('mjs', fails)).toMatchObject({
      status: 'broken',
      note: expect.stringMatching(/^agent\d+\.mjs threw: TypeError: bad \(agent\d+\.mjs:1\)\.$/),
    });
  });
});

describe('an agent that can not be run is told in a sentence', () => {
  it.each([
    ['exports something else', 'mjs', 'export const other = 1;', /exports no function named agent/],
    ['is broken', 'ts', 'export const = 3', /can't be read as TypeScript/],
    ['is broken Python', 'py', 'def agent(:', /threw: SyntaxError/],
    ['throws', 'mjs', `export const agent = () => { throw new Error('no key'); };`, /threw: no key/],
    ['exits', 'mjs', `console.log('bye'); process.exit(3);`, /ended with exit code 3 .*printed: bye/],
    ['exits Python', 'py', 'import os\nos._exit(4)', /ended with exit code 4/],
    ['kills itself', 'mjs', `process.kill(process.pid, 'SIGKILL');`, /was ended by SIGKILL/],
    ['answers what is no JSON', 'mjs', 'export const agent = () => 10n;', /threw: TypeError/],
    ['writes nonsense to us', 'mjs', `import { writeSync } from 'node:fs'; writeSync(3, 'x\\n');`, /nobody asked for/],
  ])('one that %s', async (_what, ending, text, sentence) => {
    await expect(run(ending, text)).rejects.toThrow(sentence);
  });

  it('one that hangs', async () => {
    await expect(run('mjs', 'export const agent = () => { for (;;); };', DUPLICATE_ORDER, 1500)).rejects.toThrow(
      /did not answer in time/,
    );
  });
});

describe('hindstep replay --agent', () => {
  const write = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const fixture = write('cancel.fixture.json', JSON.stringify(DUPLICATE_ORDER));

  it('says how often an agent holds, with pass^k and an interval', async () => {
    const count = join(folder, 'count');
    // Right but for every fourth time.
    const agent = write(
      'mostly.mjs',
      `import { appendFileSync, readFileSync } from 'node:fs';
appendFileSync(${JSON.stringify(count)}, 'x');
const order_id = readFileSync(${JSON.stringify(count)}).length % 4 === 0 ? 'A-1050' : 'A-1042';
export const agent = async ({ callTool }) => { await callTool('cancel_order', { order_id }); return 'Done.'; };`,
    );
    const enough = await runCli('replay', fixture, '--agent', `${agent}:agent`, '--times', '4', '--at-least', '3');
    expect(enough).toMatchObject({ code: 0 });
    expect(enough.lines.join('\n')).toMatch(
      /^Holds: 75 % \(3 of 4 runs; 95 % interval 30–95 %\); 3 had to\.\n {2}pass\^2: 50 % /,
    );
    const all = await runCli('replay', fixture, '--agent', agent, '--times', '4', '--json');
    expect(all.code).toBe(1);
    expect(JSON.parse(all.lines[0] ?? '')).toMatchObject({
      status: 'broken',
      held: { count: 3, of: 4 },
      inARow: [
        { k: 1, value: 0.75 },
        { k: 2, value: 0.5 },
        { k: 3, value: 0.25 },
        { k: 4, value: 0 },
      ],
      runs: [{}, {}, {}, { status: 'broken' }],
    });
  });

  it.each([
    [['--agent', 'agents/orders.rb:agent'], 'is no .js, .mjs, .ts or .py file'],
    [['--agent', 'a.js', '--endpoint', 'http://127.0.0.1:1'], 'not both'],
    [['--agent', 'a.js', '--mcp'], 'Choose one way'],
    [['--model', 'x'], '--model needs --endpoint'],
    [['--mcp', '--times', '3'], 'ends by itself'],
    [['--agent', 'a.js', '--times', '2', '--at-least', '3'], 'is more than --times 2'],
    [['--agent', 'a.js', '--times', 'many'], '"many" is none'],
    [['--trace', 'x.json'], 'Choose one way'],
    [['--agent', join(folder, 'gone.mjs')], 'gone.mjs'],
  ])('could not judge: %s', async (args, sentence) => {
    expect(await runCli('replay', fixture, ...args)).toMatchObject({
      code: 2,
      errors: [expect.stringContaining(sentence)],
    });
  });
});
