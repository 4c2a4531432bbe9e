import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cli } from '../../src/cli/cli.ts';
import { FixtureWorkspace } from '../support/fixtureWorkspace.ts';
import { runCli } from '../support/runCli.ts';

// `hindstep test` as a person types it, in a workspace with an agent that has its bug and then has not.
const before = process.cwd();
let at: FixtureWorkspace;
beforeAll(async () => {
  at = new FixtureWorkspace();
  vi.stubEnv('XDG_CACHE_HOME', at.path('.cache'));
  await at.add('node-test');
  await at.add('vitest');
  process.chdir(at.folder);
});
afterAll(() => {
  vi.unstubAllEnvs();
  process.chdir(before);
  at.remove();
});

describe('hindstep test', { timeout: 120_000 }, () => {
  it('knows nothing of a last time at first', async () => {
    expect(await runCli('test', '--rerun-failed')).toMatchObject({
      code: 2,
      errors: [expect.stringContaining('Nothing is known')],
    });
  });

  it('shows what was expected beside what the agent did, writes a file, and keeps what failed', async () => {
    const { code, lines, errors } = await runCli('test', '--format', 'junit', '--out', 'results.xml');
    expect([code, errors]).toEqual([1, []]);
    expect(lines.filter((line) => line.startsWith('✗'))).toHaveLength(2);
    expect(lines.join('\n')).toMatch(
      /\n {6}- cancel_order.*A-1042.*\n {6}\+ cancel_order.*A-1050.*\n {10}as in the recorded run/,
    );
    expect(lines.at(-1)).toBe('0 held, 2 regressions');
    expect(readFileSync('results.xml', 'utf8')).toMatch(/<testsuites name="hindstep" tests="2" failures="2"/);
    expect(await runCli('test', '--format', 'junit', '--out', 'results.xml')).toMatchObject({
      code: 2,
      errors: [expect.stringContaining('results.xml is there already')],
    });
  });

  it('puts a file that has no name on standard output, alone', async () => {
    const { code, lines, errors } = await runCli('test', 'tests/node-cancel.fixture.json', '--format', 'sarif');
    expect(code).toBe(1);
    expect(JSON.parse(lines.join('\n'))).toMatchObject({ version: '2.1.0', runs: [{ results: [{ level: 'error' }] }] });
    expect(errors.at(-1)).toBe('0 held, 1 regression');
  });

  it('judges a trace instead, with nothing run', async () => {
    const recorded = join(before, 'samples/traces/cancel-duplicate-order.trace.json');
    const other = join(before, 'samples/traces/upgrade-plan-done.trace.json');
    const { code, lines } = await runCli('test', 'tests/vitest-cancel.fixture.json', '--trace', recorded, '--json');
    expect([code, lines.map((line) => JSON.parse(line))]).toEqual([
      1,
      [expect.objectContaining({ outcome: 'regression', by: 'trace', fixture: 'tests/vitest-cancel.fixture.json' })],
    ]);
    expect((await runCli('test', 'tests/vitest-cancel.fixture.json', '--trace', other)).lines[0]).toMatch(/^✗/);
    expect(await runCli('test', '--trace', 'none.json')).toMatchObject({ code: 2 });
  });

  it('runs what a filter leaves, and again only what had failed', async () => {
    at.fix();
    const filtered = await runCli('test', '--filter', 'NODE-cancel');
    expect([filtered.code, filtered.lines.at(-1)]).toEqual([0, '1 held']);
    const again = await runCli('test', '--rerun-failed');
    expect([again.code, again.lines]).toEqual([0, [expect.stringMatching(/^✓ .*vitest-cancel/), '1 held']]);
    expect(await runCli('test', '--rerun-failed')).toMatchObject({
      code: 0,
      lines: ['Nothing to run: all held the last time.'],
    });
    expect((await runCli('test', '--filter', 'nothing like it')).errors[0]).toMatch(/No fixture has/);
  });

  it.each([
    [['nowhere'], /There is no file or folder nowhere/],
    [['package.json'], /package\.json is no fixture/],
    [['agents'], /There is no \*\.fixture\.json here/],
    [['--timeout', 'soon'], /--timeout takes seconds/],
    [['--format', 'html'], /--format names the format/],
    [['--out', 'x'], /--out needs --format/],
    [['--watch', '--format', 'json'], /--watch writes no file/],
  ])('refuses %j with a sentence', async (argv, words) => {
    const { code, errors } = await runCli('test', ...argv);
    expect([code, errors[0]]).toEqual([2, expect.stringMatching(words)]);
  });

  it('runs again when a source file changes, until it is stopped', async () => {
    const controller = new AbortController();
    const lines: string[] = [];
    let change = () => {};
    const waiting = vi.fn(() => change());
    const output = {
      out: (line: string) => lines.push(line),
      error: (line: string) => line.startsWith('Waiting') && waiting(),
      signal: controller.signal,
    };
    const fixed = at.read('agents/orders.mjs');
    change = () => {
      if (waiting.mock.calls.length > 1) controller.abort();
      // What an agent leaves behind starts nothing.
      at.write('agents/left.json', '{}');
      at.write('agents/orders.mjs', fixed.replace("'A-1042'", "'A-1050'"));
    };
    expect(await cli(['test', 'tests/node-cancel.fixture.json', '--watch'], '0.0.0', output)).toBe(1);
    expect(lines.filter((line) => /^\d/.test(line))).toEqual(['1 held', '0 held, 1 regression']);
  });
});
