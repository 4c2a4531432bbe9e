import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { at, field, type Json } from '../../src/core/util/json.ts';
import { runCli } from '../support/runCli.ts';

const traces = resolve(import.meta.dirname, '../../samples/traces');
const duplicate = resolve(traces, 'cancel-duplicate-order.trace.json');
const library = resolve(traces, 'library-desk.trace.json');

async function json(...argv: string[]): Promise<{ code: number; values: Json[] }> {
  const { code, lines, errors } = await runCli(...argv, '--json');
  expect(errors).toEqual([]);
  return { code, values: lines.map((line) => JSON.parse(line) as Json) };
}

describe('hindstep show', () => {
  it('says what a file is', async () => {
    const { code, values } = await json('show', duplicate);
    expect(code).toBe(0);
    expect(values).toHaveLength(1);
    expect(values[0]).toMatchObject({
      format: 'atif',
      runs: [{ id: 'orders-2026-11-12-0007', steps: 6, actions: 3, goal: expect.stringContaining('duplicate order') }],
      problems: [],
    });
    const { records, mapped, metadata, unmapped } = field(values[0], 'accounting') as Record<string, number>;
    expect(records).toBe((mapped ?? 0) + (metadata ?? 0) + (unmapped ?? 0));
  });

  it('prints one line a file, and goes on after one that is no trace', async () => {
    const { code, lines, errors } = await runCli(
      'show',
      duplicate,
      resolve(traces, '../package.json'),
      library,
      '--json',
    );
    expect(code).toBe(2);
    expect(lines.map((line) => at(JSON.parse(line), 'format'))).toEqual(['atif', 'tau-bench']);
    expect(errors).toEqual([expect.stringContaining('package.json')]);
  });

  it('says in a sentence that a file is not there', async () => {
    const { code, errors } = await runCli('show', resolve(traces, 'none.json'));
    expect(code).toBe(2);
    expect(errors[0]).toMatch(/none\.json is not there/);
  });
});

describe('hindstep steps', () => {
  it('prints one step a line, with its bytes', async () => {
    const { values } = await json('steps', duplicate);
    expect(values.map((step) => field(step, 'index'))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(values[4]).toMatchObject({
      tools: ['cancel_order'],
      actions: [{ tool: 'cancel_order', arguments: { order_id: 'A-1050', reason: 'duplicate' } }],
      parts: [{ source: 0, start: expect.any(Number), end: expect.any(Number) }],
    });
  });

  it('keeps to one run', async () => {
    const { values } = await json('steps', library, '--run', '1');
    expect(new Set(values.map((step) => field(step, 'run')))).toEqual(new Set(['task-1/trial-0']));
  });
});

describe('hindstep eval', () => {
  it('prints a run a line, and fails when a verdict does', async () => {
    const { code, values } = await json('eval', library);
    expect(code).toBe(1);
    expect(values).toHaveLength(3);
    for (const value of values) {
      for (const verdict of field(value, 'verdicts') as Json[]) {
        expect(['pass', 'fail', 'warn', 'na', 'error']).toContain(field(verdict, 'status'));
        expect(field(verdict, 'reason')).toEqual(expect.any(String));
      }
      expect((field(value, 'rollUps') as Json[]).map((rollUp) => field(rollUp, 'evaluator'))).toEqual([
        'TaskCompletion',
        'ToolSelectionAccuracy',
        'ActionSafety',
      ]);
    }
  });

  it('passes a good run', async () => {
    expect((await runCli('eval', resolve(traces, 'fix-invoice-rounding.jsonl'))).code).toBe(0);
  });
});

describe('hindstep locate', () => {
  it.each([
    ['cancel-duplicate-order.trace.json', 4],
    ['purchase-workstations.trace.json', 4],
    ['upgrade-plan-done.trace.json', 4],
    ['book-flight-timeout.trace.json', 4],
  ])('finds the failing step of %s', async (name, step) => {
    const { code, values } = await json('locate', resolve(traces, name));
    expect(code).toBe(0);
    expect(at(values[0], 'suspects', 0)).toMatchObject({ step, reason: expect.any(String) });
  });

  it.each(['fix-invoice-rounding.jsonl', 'fix-leap-year.traj'])('suspects nothing in the good run %s', async (name) => {
    const { values } = await json('locate', resolve(traces, name));
    for (const value of values) expect(field(value, 'suspects')).toEqual([]);
  });
});

describe('hindstep fixture', () => {
  it('proves and writes a test anywhere, and never over another', { timeout: 60_000 }, async () => {
    const out = join(mkdtempSync(join(tmpdir(), 'hindstep-cli-')), 'tests');
    const argv = ['fixture', duplicate, '--step', '4', '--runner', 'node-test', '--out', out, '--must-not-call'];
    const { code, lines } = await runCli(...argv, '--name', 'lamp.test.mjs', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      status: 'written',
      proof: { proved: true, runs: [{ actual: 'red' }, { actual: 'green' }, { actual: 'red' }, { actual: 'green' }] },
    });
    expect(readdirSync(out).sort()).toEqual([
      'hindstep-replay.mjs',
      'lamp.fixture.json',
      'lamp.proof.json',
      'lamp.test.mjs',
    ]);
    const again = await runCli(...argv, '--name', 'lamp.test.mjs');
    expect([again.code, again.errors.at(-1)]).toEqual([2, expect.stringContaining('exists')]);
  });
});

describe('the command line', () => {
  it.each([
    [[], 2, /usage: hindstep COMMAND/],
    [['--help'], 0, /usage: hindstep COMMAND/],
    [['show', '--help'], 0, /usage: hindstep show/],
    [['fixture', '--help'], 0, /--must-not-call/],
    [['--version'], 0, /0\.0\.0-test/],
  ])('%j teaches', async (argv, code, words) => {
    const result = await runCli(...argv);
    expect([result.code, result.lines.join('\n')]).toEqual([code, expect.stringMatching(words)]);
  });

  it.each([
    [['sing'], /no command "sing"/],
    [['show'], /Which file\?/],
    [['show', duplicate, '--colour'], /--colour/],
    [['steps', duplicate, '--run', 'nobody'], /no run "nobody"/],
    [['fixture', duplicate, '--step', '4'], /--must-not-call/],
    [['fixture', duplicate, '--step', '99', '--must-not-call'], /no step 99/],
    [['fixture', duplicate, '--step', '4', '--must-call', '{}'], /--must-call takes JSON/],
    [['fixture', library, '--step', '4', '--must-not-call'], /choose one with --run/],
  ])('%j can not be judged, and says why', async (argv, words) => {
    const result = await runCli(...argv);
    expect([result.code, result.errors.join('\n')]).toEqual([2, expect.stringMatching(words)]);
  });
});

describe('hindstep convert', () => {
  it.each(['atif', 'otlp', 'openai', 'openinference'])(
    'writes %s that opens again with the same actions',
    async (to) => {
      const folder = mkdtempSync(join(tmpdir(), 'hindstep-convert-'));
      const out = join(folder, 'converted');
      const { code, values } = await json('convert', duplicate, '--to', to, '--out', out);
      expect(code).toBe(0);
      expect(values[0]).toMatchObject({ out, losses: expect.any(Array), redactions: expect.any(Number) });
      const before = await json('steps', duplicate);
      const after = await json('steps', out);
      const actions = (steps: readonly Json[]) => steps.flatMap((step) => field(step, 'tools') ?? []);
      expect(actions(after.values)).toEqual(actions(before.values));
      expect((await runCli('convert', duplicate, '--to', to, '--out', out)).code).toBe(2);
    },
  );

  it('prints to standard output, and what is lost to standard error', async () => {
    const { code, lines, errors } = await runCli('convert', duplicate, '--to', 'openai');
    expect(code).toBe(0);
    expect(JSON.parse(lines.join('\n'))).toMatchObject({ messages: expect.any(Array) });
    expect(errors.join(' ')).toContain('has no place for');
  });

  it('names the formats when it is asked for another', async () => {
    const { code, errors } = await runCli('convert', duplicate, '--to', 'word');
    expect(code).toBe(2);
    expect(errors).toEqual([expect.stringContaining('atif, otlp, openai, openinference')]);
  });
});

describe('secrets in the terminal', () => {
  // Made of parts, so that nobody's scanner takes a test for a leak.
  const KEY = ['sk', 'proj', 'a1B2c3D4e5F6g7H8i9J0'].join('-');
  const trace = () => {
    const file = join(mkdtempSync(join(tmpdir(), 'hindstep-cli-')), 'pay.trace.json');
    const call = { name: 'pay', arguments: JSON.stringify({ api_key: KEY, order: 'A-17' }) };
    const messages = [
      { role: 'user', content: `Pay for A-17 with ${KEY}` },
      { role: 'assistant', content: null, tool_calls: [{ id: 'c1', type: 'function', function: call }] },
      { role: 'tool', tool_call_id: 'c1', content: `refused: ${KEY}` },
      { role: 'assistant', content: `${KEY} was refused.` },
    ];
    writeFileSync(file, JSON.stringify({ messages }));
    return file;
  };

  it.each([
    ['show'],
    ['show', '--json'],
    ['steps'],
    ['steps', '--json'],
    ['eval'],
    ['eval', '--json'],
    ['locate', '--json'],
    ['convert', '--to', 'atif'],
  ])('are masked by %s %s', async (command, ...options) => {
    const { lines, errors } = await runCli(command, trace(), ...options);
    expect(lines.length).toBeGreaterThan(0);
    expect([...lines, ...errors].join('\n')).not.toContain(KEY);
    if (options[0] === '--json') for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
  });

  it('are shown when asked for', async () => {
    const { lines } = await runCli('steps', trace(), '--json', '--show-secrets');
    expect(lines.filter((line) => line.includes(KEY)).length).toBeGreaterThan(1);
  });
});
