import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DUPLICATE_ORDER } from '../../../../test/support/fixtureFile.ts';
import { runCli } from '../../../../test/support/runCli.ts';

const folder = mkdtempSync(join(tmpdir(), 'hindstep-traces-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const fixture = join(folder, 'cancel.fixture.json');
writeFileSync(fixture, JSON.stringify(DUPLICATE_ORDER));

const agent = join(folder, 'agent.mjs');
writeFileSync(
  agent,
  `import { writeFileSync } from 'node:fs';
const [file, order_id, ...goals] = process.argv.slice(2);
const call = { id: 'c1', type: 'function', function: { name: 'cancel_order', arguments: JSON.stringify({ order_id }) } };
const run = (goal) => ({ messages: [
  { role: 'user', content: goal },
  { role: 'assistant', content: null, tool_calls: [call] },
  { role: 'tool', tool_call_id: 'c1', content: 'cancelled' },
  { role: 'assistant', content: 'I cancelled it.' },
] });
if (file !== 'none') writeFileSync(file, goals.map((goal) => JSON.stringify(run(goal)) + '\\n').join(''));
`,
);

let files = 0;
const fresh = () => join(folder, `run${files++}.jsonl`);
const replay = (trace: string, ...command: string[]) =>
  runCli('replay', fixture, '--trace', trace, '--', process.execPath, agent, ...command);

describe('a command that leaves a trace', () => {
  it.each([
    ['A-1042', 0, /^The run holds: 1 call/],
    ['A-1050', 1, /must not call cancel_order/],
  ])('that cancels %s is judged by it', async (order, code, words) => {
    const result = await replay(fresh(), '{trace}', order, '{goal}');
    expect([result.code, ...result.errors]).toEqual([code]);
    expect(result.lines.join('\n')).toMatch(words);
  });

  it('is judged by its run of the task when the file has others', async () => {
    expect(await replay(fresh(), '{trace}', 'A-1042', 'Something else.', '{goal}')).toMatchObject({ code: 0 });
    expect(await replay(fresh(), '{trace}', 'A-1042', '{goal}', '{goal}')).toMatchObject({
      code: 2,
      errors: [expect.stringContaining('has 2 runs of this task')],
    });
  });

  it('is judged by what evaluators say, where the fixture asks', async () => {
    const asking = join(folder, 'asking.fixture.json');
    const expected = [{ kind: 'evaluator', id: 'action.tool-undeclared', status: 'fail' }];
    writeFileSync(asking, JSON.stringify({ ...DUPLICATE_ORDER, expect: expected }));
    const command = ['--', process.execPath, agent, '{trace}', 'A-1042', '{goal}'];
    const { code, lines } = await runCli('replay', asking, '--trace', fresh(), ...command);
    expect([code, lines[1]]).toEqual([1, expect.stringMatching(/action\.tool-undeclared must say fail: it says/)]);
  });

  it('could not be judged by a trace that was there before, by none, or by what is none', async () => {
    const old = fresh();
    await replay(old, '{trace}', 'A-1042', '{goal}');
    expect(await replay(old, 'none', 'A-1042')).toMatchObject({
      code: 2,
      errors: [expect.stringContaining('which was there before')],
    });
    expect(await replay(fresh(), 'none', 'A-1042')).toMatchObject({
      code: 2,
      errors: [expect.stringContaining('left no trace')],
    });
    const nonsense = ['--trace', fresh(), '--', process.execPath, '-e'];
    const write = `require('node:fs').writeFileSync(process.env.HINDSTEP_TRACE_FILE, 'nonsense')`;
    expect(await runCli('replay', fixture, ...nonsense, write)).toMatchObject({ code: 2 });
  });
});
