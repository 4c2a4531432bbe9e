import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { FixtureWorkspace } from '../../../test/support/fixtureWorkspace.ts';
import type { RunnerId } from '../../core/regression/fixture.ts';
import { differenceText } from '../../core/regression/results/callLines.ts';
import { runnerCommand } from '../regression/runners.ts';
import { runFixtures } from './runFixtures.ts';

// The real runners.
const LONG = 240_000;
const python = await runnerCommand('pytest', tmpdir());
const RUNNERS = (['node-test', 'vitest', 'jest', 'pytest'] as const).filter((id) => id !== 'pytest' || python.ok);

const made: FixtureWorkspace[] = [];
afterEach(() => {
  for (const workspace of made.splice(0)) workspace.remove();
});

function workspace(): FixtureWorkspace {
  const one = new FixtureWorkspace();
  made.push(one);
  return one;
}

function run(at: FixtureWorkspace, fixtures: readonly string[], more: { timeout?: number; signal?: AbortSignal } = {}) {
  return runFixtures(fixtures, { root: at.folder, timeout: LONG, signal: new AbortController().signal, ...more });
}

describe.each(RUNNERS)('%s', { timeout: LONG }, (runner: RunnerId) => {
  it('tells a regression with what was expected and done, and what holds', async () => {
    const at = workspace();
    const fixture = await at.add(runner);
    const [red] = await run(at, [fixture]);
    expect(red, red?.output).toMatchObject({
      outcome: 'regression',
      by: runner,
      path: expect.stringMatching(/^tests\//),
    });
    const difference = differenceText(red?.calls ?? []).join('\n');
    expect(red?.problems.join('\n')).toMatch(runner === 'pytest' ? /must call change_plan/ : /must call cancel_order/);
    expect(difference).toMatch(
      runner === 'pytest' ? /- change_plan/ : /- cancel_order.*A-1042[\s\S]*\+ cancel_order.*A-1050/,
    );
    expect(red?.messages?.at(-1)).toMatchObject({ role: 'assistant' });
    expect(red?.output).not.toContain('hindstep-test-');
    at.fix();
    const [green] = await run(at, [fixture]);
    expect(green, green?.output).toMatchObject({ outcome: 'held', problems: [] });
  });

  it('judges each of several tests by itself', async () => {
    const at = workspace();
    const suffix = runner === 'pytest' ? '.py' : runner === 'node-test' ? '.test.mjs' : '.test.js';
    const prefix = runner === 'pytest' ? 'test_' : '';
    const name = (stem: string) => `${prefix}${stem}${suffix}`;
    const files = [];
    for (const stem of ['one', 'two', 'three', 'four']) files.push(await at.add(runner, { name: name(stem) }));
    at.fix();
    // One has another assertion, one throws, one is skipped, one holds.
    const edit = (stem: string, change: (text: string) => string) =>
      at.write(`tests/${name(stem)}`, change(at.read(`tests/${name(stem)}`)));
    edit('one', (text) =>
      runner === 'pytest'
        ? `${text}    assert 1 == 2\n`
        : text.replace(/\n\}\);\n$/, '\n  throw new Error("mine");\n});\n'),
    );
    edit('two', (text) =>
      runner === 'pytest'
        ? text.replace(/replay\(fixture, agent\)/, 'replay(fixture, lambda **_: 1 / 0)')
        : text.replace(/replay\(fixture, agent\)/, 'replay(fixture, () => { throw new Error("no model"); })'),
    );
    edit('three', (text) =>
      runner === 'pytest'
        ? text.replace('def test_', 'import pytest\n\n\n@pytest.mark.skip\ndef test_')
        : text.replace(/^test\(/m, 'test.skip('),
    );
    const runs = await run(at, files);
    expect(runs.map(({ outcome, problems }) => [outcome, problems.join()])).toEqual([
      ['regression', expect.stringMatching(/^The fixture holds, and the test failed by itself: .*(?:mine|assert)/i)],
      ['unjudged', expect.stringMatching(runner === 'pytest' ? /division by zero/ : /no model/)],
      ['unjudged', expect.stringMatching(/Is it skipped/)],
      ['held', ''],
    ]);
  });
});

it('says of each fixture why it can not be judged', { timeout: LONG }, async () => {
  const at = workspace();
  const nonsense = await at.add('node-test', { name: 'nonsense.test.mjs' });
  at.write('tests/nonsense.fixture.json', '{ "schemaVersion": 7 }');
  const alone = await at.add('node-test', { name: 'alone.test.mjs' });
  at.write('tests/other/alone.fixture.json', readFileSync(alone, 'utf8'));
  const broken = await at.add('node-test', { name: 'broken.test.mjs' });
  at.write('tests/broken.test.mjs', `${at.read('tests/broken.test.mjs')} )`);
  const runs = await run(at, [
    nonsense,
    at.path('tests/other/alone.fixture.json'),
    broken,
    at.path('none.fixture.json'),
  ]);
  expect(runs.map(({ outcome, problems }) => [outcome, problems[0]])).toEqual([
    ['unjudged', expect.stringMatching(/^tests\/nonsense\.fixture\.json.*a newer version/)],
    ['unjudged', expect.stringMatching(/There is no test beside tests\/other/)],
    ['unjudged', expect.stringMatching(/could not be run: .*SyntaxError/)],
    ['unjudged', expect.stringMatching(/none\.fixture\.json can't be read/)],
  ]);
});

it('ends an agent that hangs, and leaves nothing behind', { timeout: LONG }, async () => {
  const at = workspace();
  const fixture = await at.add('node-test');
  at.write('agents/orders.mjs', 'export const agent = () => new Promise(() => setInterval(() => {}, 1000));\n');
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('hindstep-test-')).length;
  const [hung] = await run(at, [fixture], { timeout: 3000 });
  expect(hung).toMatchObject({ outcome: 'unjudged', problems: ['It did not end within 3 s.'] });
  const controller = new AbortController();
  const running = run(at, [fixture], { signal: controller.signal });
  setTimeout(() => controller.abort(), 1000);
  expect(await running).toEqual([]);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('hindstep-test-')).length).toBeLessThanOrEqual(before);
});

it('finds its fixture through a link, and believes the exit code where the helper is an older one', {
  timeout: LONG,
}, async () => {
  const at = workspace();
  await at.add('node-test');
  symlinkSync(at.path('tests'), at.path('linked'));
  const fixture = at.path('linked/node-cancel.fixture.json');
  expect(await run(at, [fixture])).toMatchObject([{ outcome: 'regression', made: [{}, {}, {}] }]);
  at.write(
    'tests/hindstep-replay.mjs',
    at.read('tests/hindstep-replay.mjs').replaceAll('HINDSTEP_RESULTS', 'NO_RESULTS'),
  );
  expect(await run(at, [fixture])).toMatchObject([
    { outcome: 'regression', problems: [expect.stringMatching(/^must call cancel_order/)], made: [] },
  ]);
  at.fix();
  expect(await run(at, [fixture])).toMatchObject([{ outcome: 'held' }]);
});
