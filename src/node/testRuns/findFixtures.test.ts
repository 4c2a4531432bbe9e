import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { DUPLICATE_ORDER } from '../../../test/support/fixtureFile.ts';
import { findFixtures, sourceFolders, titleOf } from './findFixtures.ts';
import { fixtureTestOf } from './fixtureTest.ts';

const root = mkdtempSync(join(tmpdir(), 'hindstep-find-'));
afterAll(() => rmSync(root, { recursive: true }));

function put(path: string, text: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const fixtureText = JSON.stringify(DUPLICATE_ORDER);
const one = put('packages/shop/tests/cancel.fixture.json', fixtureText);
put('packages/shop/tests/hindstep-proof-x1/cancel.fixture.json', fixtureText);
put('node_modules/other/a.fixture.json', fixtureText);
const two = put('b.fixture.json', '[]');

it('finds fixtures in folders and by name, each once, and no installed or half-made ones', async () => {
  expect(await findFixtures([root, one])).toEqual({ ok: true, value: expect.arrayContaining([one, two]) });
  expect(await findFixtures([root, one])).toMatchObject({ value: { length: 2 } });
  expect(await findFixtures([join(root, 'nothing')])).toMatchObject({ ok: false });
});

it('watches the folders in which sources are', async () => {
  expect((await sourceFolders(root)).sort()).toEqual([root, join(root, 'packages/shop/tests')]);
});

it('knows the title also of one that can not be used', async () => {
  expect(await titleOf(one)).toBe('cancels the duplicate order');
  expect(await titleOf(two)).toBeUndefined();
});

it.each([
  ['npx vitest run tests/cancel.test.js', 'packages/shop'],
  ['npx vitest run "packages/shop/tests/cancel.test.js"', ''],
  ['npx vitest run cancel.test.js', 'packages/shop/tests'],
  ['npx vitest run elsewhere/cancel.test.js', ''],
])('runs a test where its proof ran: %s', async (command, folder) => {
  put('packages/shop/tests/cancel.test.js', "import { test } from 'vitest';\nimport './hindstep-replay.mjs';\n");
  put('packages/shop/tests/cancel.proof.json', JSON.stringify({ runner: 'jest', command }));
  const found = await fixtureTestOf(one, root);
  // The test's own words count before those of its proof.
  expect(found).toMatchObject({
    ok: true,
    value: { runner: 'vitest', tells: false, workspaceFolder: join(root, folder) },
  });
});

it('takes the test that was proved when there are two of the name, and the proof’s runner when the test names none', async () => {
  const fixture = put('two/a.fixture.json', fixtureText);
  put('two/a.test.js', 'test("a", () => {});');
  put('two/a.py', 'def test_a(): pass');
  put('two/a.proof.json', JSON.stringify({ runner: 'jest', command: 'npx jest two/a.test.js' }));
  expect(await fixtureTestOf(fixture, root)).toMatchObject({ value: { runner: 'jest', workspaceFolder: root } });
  put('two/a.proof.json', JSON.stringify({ runner: 'mine', command: 'run two/a.test.js' }));
  expect(await fixtureTestOf(fixture, root)).toMatchObject({
    ok: false,
    error: expect.stringMatching(/does not say which/),
  });
});
