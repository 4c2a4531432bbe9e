import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, field, type Json } from '../../src/core/util/json.ts';
import { runCli } from '../support/runCli.ts';

const traces = resolve(import.meta.dirname, '../../samples/traces');
const duplicate = join(traces, 'cancel-duplicate-order.trace.json');
const library = join(traces, 'library-desk.trace.json');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hindstep-cohort-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('hindstep cohort', () => {
  it('prints rates by group, with what failed where', async () => {
    const { lines, errors } = await runCli('cohort', duplicate, library, '--by', 'format');
    expect(errors).toEqual([]);
    expect(lines[0]).toBe('4 runs in 2 files, by format');
    expect(lines).toContain('format=tau-bench · 3 runs');
    expect(lines.join('\n')).toMatch(/action repair rate +\d+ % \(\d of \d runs; 95 % interval/);
    expect(lines.join('\n')).toMatch(/pass\^k +\^1 \d\.\d\d/);
    expect(lines.at(-1)).toBe('· cohort.drift: There is no baseline to compare with.');
  });

  it('keeps a cohort, and compares the next with it', async () => {
    const kept = join(folder, 'baseline.json');
    await runCli('cohort', library, '--save', kept);
    const again = await runCli('cohort', library, '--baseline', kept, '--json');
    const value = JSON.parse(again.lines[0] ?? '') as Json;
    expect(at(value, 'verdicts', 1)).toMatchObject({ evaluator: 'cohort.drift', status: 'pass', score: 1 });
    // Judged anew, the traces themselves say the same as what was kept of them.
    const judged = await runCli('cohort', library, '--baseline', library, '--json');
    expect(judged.lines).toEqual(again.lines);
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toMatchObject({ version: 1, total: { runs: 3 } });
  });

  it('goes on after a file that is no trace, and says so; says that a baseline is not there', async () => {
    const mixed = await runCli('cohort', library, join(traces, '../package.json'), '--json');
    expect(mixed.code).toBe(2);
    expect(at(JSON.parse(mixed.lines[0] ?? ''), 'total', 'runs')).toBe(3);
    const none = await runCli('cohort', library, '--baseline', join(folder, 'none.json'));
    expect([none.code, none.lines]).toEqual([2, []]);
    expect(none.errors[0]).toContain('none.json');
  });
});

describe('hindstep eval', () => {
  it('counts what a run took', async () => {
    const { lines } = await runCli('eval', duplicate, '--json');
    expect(field(JSON.parse(lines[0] ?? ''), 'metrics')).toMatchObject({ steps: 6, actions: 3, repeatedActions: 0 });
    const text = await runCli('eval', duplicate);
    expect(text.lines[1]).toMatch(/^ {2}3 actions · \d of 3 failed · 0 repeated/);
  });

  const trajectory = (line: string | undefined) =>
    (field(JSON.parse(line ?? ''), 'verdicts') as Json[]).find((v) => field(v, 'evaluator') === 'ref.trajectory-match');

  it('compares a run with another trace', async () => {
    const same = await runCli('eval', duplicate, '--reference', duplicate, '--json');
    expect(trajectory(same.lines[0])).toMatchObject({ status: 'pass', score: 1 });
    const good = readFileSync(duplicate, 'utf8').replaceAll('A-1050', 'A-1042');
    writeFileSync(join(folder, 'good.trace.json'), good);
    const wrong = await runCli('eval', duplicate, '--reference', join(folder, 'good.trace.json'), '--json');
    expect(trajectory(wrong.lines[0])).toMatchObject({
      status: 'fail',
      reason: expect.stringMatching(/^Against good\.trace\.json \(run [^)]+\) \(in-order\)/),
      findings: expect.arrayContaining([
        expect.objectContaining({ step: 4, message: 'cancel_order differs in /order_id: A-1042, got A-1050.' }),
      ]),
    });
  });

  it('compares a run with a list of calls, by the modes that are asked for', async () => {
    const list = join(folder, 'calls.json');
    writeFileSync(list, JSON.stringify([{ tool: ['cancel_order', 'void_order'], arguments: { order_id: 'A-1042' } }]));
    const status = async (...modes: string[]) => {
      const { lines } = await runCli('eval', duplicate, '--reference', list, '--json', ...modes);
      return field(trajectory(lines[0]), 'status');
    };
    expect(await status()).toBe('fail');
    expect(await status('--reference-arguments', 'cancel_order=ignore')).toBe('pass');
    expect(await status('--reference-arguments', 'ignore', '--reference-order', 'strict')).toBe('warn');
  });

  it('says what is wrong with a reference', async () => {
    const said = async (...argv: string[]) => {
      const { code, errors } = await runCli('eval', duplicate, ...argv);
      expect(code).toBe(2);
      return errors[0] ?? '';
    };
    expect(await said('--reference', join(folder, 'none.json'))).toContain('none.json');
    expect(await said('--reference', duplicate, '--reference-run', 'other')).toContain('there is no run "other"');
    expect(await said('--reference', duplicate, '--reference-order', 'sorted')).toContain('in-order');
    expect(await said('--reference', duplicate, '--reference-arguments', 'fuzzy')).toContain('superset');
    expect(await said('--reference-run', '0')).toContain('need --reference');
    expect(await said('--reference', library)).toContain('none of its runs has the task');
  });
});
