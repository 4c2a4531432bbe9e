import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Fixture } from '../../src/core/regression/fixture.ts';
import { withVariants } from '../../src/core/regression/variants/all.ts';
import { runnerCommand } from '../../src/node/regression/runners.ts';
import { FixtureWorkspace, TEST_NAMES } from '../support/fixtureWorkspace.ts';
import { runCli } from '../support/runCli.ts';

// `hindstep fixtures` in a workspace with real tests, run by their real runners.
const LONG = 180_000;
let at: FixtureWorkspace;
beforeEach(() => {
  at = new FixtureWorkspace();
  vi.spyOn(process, 'cwd').mockReturnValue(at.folder);
});
afterEach(() => {
  vi.restoreAllMocks();
  at.remove();
});

const NODE = 'tests/node-cancel.fixture.json';
const PYTHON = 'tests/test_plan.fixture.json';
const python = await runnerCommand('pytest', import.meta.dirname);

function fixtureAt(path: string): Fixture {
  return JSON.parse(at.read(path)) as Fixture;
}

function edit(path: string, change: (text: string) => string): void {
  at.write(path, change(at.read(path)));
}

const run = (command: string, path: string, ...more: string[]) => runCli('fixtures', command, at.path(path), ...more);
const left = () => readdirSync(at.path('tests')).filter((name) => name.startsWith('hindstep-proof-'));

describe('hindstep fixtures', () => {
  it('says of each what it is of, whether trace and proof still fit, and which are needless', async () => {
    await at.add('node-test');
    at.write('tests/again.fixture.json', at.read(NODE));
    at.write(
      'tests/part.fixture.json',
      JSON.stringify({ ...fixtureAt(NODE), expect: fixtureAt(NODE).expect.slice(1) }),
    );
    await at.add('pytest');
    edit('traces/upgrade-plan-done.trace.json', (text) => text.replaceAll('Pro', 'Max'));
    at.write('tests/broken.fixture.json', '{ "schemaVersion": 99 }');
    const { code, lines } = await runCli('fixtures', at.path('tests'));
    const text = lines.join('\n');
    expect(text).toContain('replay · node-test · proved · cancel-duplicate-order.trace.json as it was');
    expect(text).toContain(
      'replay · pytest · proved · upgrade-plan-done.trace.json has changed: hindstep fixtures rerecord',
    );
    expect(text).toContain('asks the same as tests/again.fixture.json');
    expect(text).toContain('tests/again.fixture.json asks all of this, and more');
    expect(text).toContain('tests/broken.fixture.json:1: this fixture was made by a newer version of Hindstep');
    expect(lines.at(-1)).toBe(
      '5 fixtures, 1 with a changed trace, 2 needless, 2 without a proof that fits, 1 unusable',
    );
    expect(code).toBe(2);
    const { lines: json } = await runCli('fixtures', '--json', at.path('tests'));
    expect(json.map((line) => JSON.parse(line).path)).toContain(PYTHON);
  });

  it.each([
    ['a folder that is not there', ['nowhere'], /no file or folder nowhere/],
    ['no fixture', ['shrink'], /Name one fixture/],
    ['two', ['rerecord', 'a', 'b'], /Name one fixture/],
    ['no format', ['export', 'a'], /--to names the format: promptfoo, adk, agentevals, langsmith/],
    ['another file', ['shrink', 'package.json'], /no file or folder|is no fixture/],
  ])('is told with a sentence what it asked in vain: %s', async (_name, args, sentence) => {
    const { code, errors } = await runCli('fixtures', ...args);
    expect([code, errors.join(' ')]).toEqual([2, expect.stringMatching(sentence)]);
  });
});

describe('hindstep fixtures --verify', () => {
  it('runs each proof again, with its own runner, and leaves nothing', { timeout: LONG }, async () => {
    await at.add('node-test');
    if (python.ok) await at.add('pytest');
    // A plugin of pytest leaves its own folder wherever it runs.
    const there = () =>
      readdirSync(at.folder, { recursive: true })
        .filter((name) => name !== '.benchmarks')
        .sort();
    const before = there();
    const { code, lines } = await runCli('fixtures', '--verify', at.path('tests'));
    const lights = 'recorded red, corrected green, undone red, mutated green';
    expect(lines.slice(0, -1).every((line) => line.startsWith('✓') && line.includes(lights))).toBe(true);
    expect([code, lines.at(-1)]).toEqual([0, python.ok ? '2 proved' : '1 proved']);
    expect(there()).toEqual(before);
  });

  it('tells what is not proved any more from what could not be judged', { timeout: LONG }, async () => {
    const file = await at.add('node-test');
    const { correction, failure } = fixtureAt(NODE);
    at.write(NODE, JSON.stringify({ ...fixtureAt(NODE), correction: { calls: failure.calls } }));
    const broken = await runCli('fixtures', '--verify', file);
    expect([broken.code, broken.lines[0]]).toEqual([1, expect.stringContaining('✗ tests/node-cancel.fixture.json')]);
    expect(broken.lines[1]).toContain('stays red on the correction');
    at.write(NODE, JSON.stringify({ ...fixtureAt(NODE), correction }));
    edit(`tests/${TEST_NAMES['node-test']}`, (text) => `${text} )`);
    const unjudged = await runCli('fixtures', '--verify', file);
    expect([unjudged.code, unjudged.lines.at(-1)]).toEqual([2, '0 proved, 1 not judged']);
  });
});

describe('hindstep fixtures rerecord', () => {
  it.each(python.ok ? (['node-test', 'pytest'] as const) : (['node-test'] as const))(
    'takes the recording of another run, keeps what is expected, and proves it: %s',
    { timeout: LONG },
    async (runner) => {
      await at.add(runner);
      const path = runner === 'pytest' ? PYTHON : NODE;
      const trace = `traces/${fixtureAt(path).source.fileName}`;
      const { expect: asked, correction, title, id } = fixtureAt(path);
      edit(path, (text) => text.replaceAll(title, 'what somebody called it'));
      const old = at.read(path);
      const [before, after] = runner === 'pytest' ? ['C-2090', 'C-2090'] : ['C-7781', 'C-9000'];
      edit(trace, (text) => text.replaceAll(before, after).replaceAll('2026', '2027'));
      const shown = await run('rerecord', path);
      expect([shown.code, shown.errors.at(-1)]).toEqual([2, expect.stringContaining('--force')]);
      expect(at.read(path)).toBe(old);
      const { code, lines, errors } = await run('rerecord', path, '--force');
      expect([code, errors.filter((line) => line.includes('not proved'))]).toEqual([0, []]);
      expect(lines.join('\n')).toMatch(/Red on the recorded run .* green on the correction, red again/);
      if (runner === 'node-test') {
        expect(lines[0]).toContain('has changed since the fixture was made: step 5 is another');
        expect(lines).toContainEqual(expect.stringMatching(/^\+ list_orders\(\{"customer_id":"C-9000"\}\)/));
      }
      expect(fixtureAt(path)).toMatchObject({ id, title: 'what somebody called it', expect: asked, correction });
      expect(left()).toEqual([]);
      const listed = await runCli('fixtures', at.path('tests'));
      expect(listed.lines.join('\n')).toMatch(/proved \d{4}-\d\d-\d\d · .* as it was/);
      expect((await runCli('fixtures', '--verify', at.path('tests'))).code).toBe(0);
    },
  );

  it('judges the trace that it was made of from then on, and says what its recorded run was', {
    timeout: LONG,
  }, async () => {
    await at.add('node-test', { mode: 'trace-check' });
    at.write(
      'more/run-2.trace.json',
      at.read('traces/cancel-duplicate-order.trace.json').replaceAll('C-7781', 'C-9000'),
    );
    const { code } = await run('rerecord', NODE, '--force', '--trace', at.path('more/run-2.trace.json'));
    expect(code).toBe(0);
    const test = at.read(`tests/${TEST_NAMES['node-test']}`);
    expect(test).toContain("checkTrace(fixture, new URL('../more/run-2.trace.json', import.meta.url))");
    expect(test).toContain('// Recorded in run-2.trace.json');
  });

  it('refuses a run in which nothing went wrong, one of another task, and one that is not there', {
    timeout: LONG,
  }, async () => {
    await at.add('node-test');
    const old = at.read(NODE);
    at.write(
      'traces/good.trace.json',
      at.read('traces/cancel-duplicate-order.trace.json').replaceAll('A-1050', 'A-1042'),
    );
    const good = await run('rerecord', NODE, '--force', '--trace', at.path('traces/good.trace.json'));
    expect([good.code, good.errors.at(-1)]).toEqual([
      2,
      expect.stringContaining('nothing goes wrong that the fixture is about'),
    ]);
    const other = await run('rerecord', NODE, '--force', '--trace', at.path('traces/purchase-workstations.trace.json'));
    expect([other.code, other.errors.at(-1)]).toEqual([
      2,
      expect.stringContaining('was asked what this fixture is about'),
    ]);
    const none = await run('rerecord', NODE, '--force', '--trace', at.path('none.json'));
    expect(none.code).toBe(2);
    expect(at.read(NODE)).toBe(old);
    expect(left()).toEqual([]);
  });
});

describe('hindstep fixtures shrink', () => {
  /** Calls that nothing depends on, before the failing step and behind it. */
  function withNoise(path: string, own: boolean): void {
    const fixture = fixtureAt(path);
    const noise = Array.from({ length: 20 }, (_one, i) => ({
      ...{ tool: own ? 'list_orders' : 'read_page', arguments: { page: i }, argumentsHash: `${i}`.padStart(64, '0') },
      ...{ ordinal: 0, observation: `page ${i}`, isError: false },
    }));
    const { position } = fixture.failure;
    at.write(
      path,
      JSON.stringify({
        ...fixture,
        recording: [...noise, ...fixture.recording, ...noise],
        failure: { ...fixture.failure, position: position + noise.length },
      }),
    );
  }

  it.each(python.ok ? (['node-test', 'pytest'] as const) : (['node-test'] as const))(
    'leaves out what the proof does not need, and proves what is left: %s',
    { timeout: LONG },
    async (runner) => {
      await at.add(runner);
      const path = runner === 'pytest' ? PYTHON : NODE;
      withNoise(path, false);
      const old = fixtureAt(path);
      const { code, lines } = await run('shrink', path, '--force');
      expect([code, lines[0], lines[1]]).toEqual([
        0,
        expect.stringContaining('before:'),
        expect.stringContaining('after:'),
      ]);
      const small = fixtureAt(path);
      expect(small.recording.filter(({ tool }) => tool === 'read_page')).toEqual([]);
      expect(small.recording.length).toBeLessThan(old.recording.length - 35);
      expect(small.expect).toEqual(old.expect);
      expect((await runCli('fixtures', '--verify', at.path(path))).code).toBe(0);
      const again = await run('shrink', path);
      expect([again.code, again.lines[0]]).toEqual([0, expect.stringContaining('as small as it can be')]);
      expect(left()).toEqual([]);
    },
  );

  it('makes the harder runs of a test anew from what is left', { timeout: LONG }, async () => {
    await at.add('node-test');
    withNoise(NODE, false);
    const varied = withVariants(fixtureAt(NODE), ['injection']);
    if (!varied.ok) throw new Error(varied.error);
    at.write(NODE, JSON.stringify(varied.value));
    expect((await run('shrink', NODE, '--force')).code).toBe(0);
    const { variants, ...plain } = fixtureAt(NODE);
    expect(JSON.stringify(variants)).not.toContain('read_page');
    const again = withVariants(plain, ['injection']);
    expect(again.ok && again.value.variants).toEqual(variants);
  });

  it('keeps the calls that the agent makes on its way', { timeout: LONG }, async () => {
    await at.add('node-test');
    // Of what this call answers no later argument is taken, and the agent makes it all the same.
    edit('agents/orders.mjs', (text) =>
      text.replace(
        "await callTool('list_orders'",
        "await callTool('read_policy', {});\n  await callTool('list_orders'",
      ),
    );
    const fixture = fixtureAt(NODE);
    const policy = { ...fixture.recording[0], tool: 'read_policy', arguments: {}, observation: 'Be kind.' };
    at.write(
      NODE,
      JSON.stringify({
        ...fixture,
        recording: fixture.recording.toSpliced(1, 0, policy as Fixture['recording'][number]),
        failure: { ...fixture.failure, position: fixture.failure.position + 1 },
      }),
    );
    await run('shrink', NODE, '--force');
    expect(fixtureAt(NODE).recording.map(({ tool }) => tool)).toContain('read_policy');
  });

  it('replaces nothing when somebody wrote into the fixture in the meantime, or it was cancelled', {
    timeout: LONG,
  }, async () => {
    await at.add('node-test');
    withNoise(NODE, false);
    const { shrink } = await import('../../src/node/fixtures/shrink.ts');
    const shrunk = await shrink(at.path(NODE), { root: at.folder });
    if (!shrunk.ok || shrunk.value.kind !== 'smaller') throw new Error('It did not shrink.');
    edit(NODE, (text) => `${text}\n`);
    expect(await shrunk.value.replace()).toEqual({
      ok: false,
      error: expect.stringContaining('was changed in the meantime'),
    });
    await shrunk.value.discard();
    const cancelled = await shrink(at.path(NODE), { root: at.folder, signal: AbortSignal.abort() });
    expect(cancelled).toEqual({ ok: false, error: 'Cancelled. Nothing was replaced.' });
    expect(left()).toEqual([]);
  });
});

describe('hindstep fixtures export', () => {
  it.each(['promptfoo', 'adk', 'agentevals', 'langsmith'])('writes it without secrets: %s', async (to) => {
    await at.add('node-test');
    edit(NODE, (text) => text.replace('"goal": "', '"goal": "Write to ada.lovelace@mail.example.org. '));
    const out = at.path(`${to}.json`);
    const first = await run('export', NODE, '--to', to, '--out', out);
    expect([first.code, first.lines]).toEqual([0, [`wrote ${out}`]]);
    const text = readFileSync(out, 'utf8');
    expect(text).toContain('A-1042');
    expect(text).not.toContain('lovelace@mail');
    const again = await run('export', NODE, '--to', to, '--out', out);
    expect([again.code, again.errors.at(-1)]).toEqual([2, expect.stringContaining('is there already')]);
    expect((await run('export', NODE, '--to', to, '--out', out, '--force')).code).toBe(0);
    expect((await run('export', NODE, '--to', to)).lines.join('\n')).toBe(text.trimEnd());
  });
});
