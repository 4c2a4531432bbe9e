import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { jestFileName, jestModules, moduleKindOf } from './jestModules.ts';

const cache = resolve(import.meta.dirname, '../../../.cache');
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function workspace(manifest: object, files: Record<string, string> = {}): Promise<string> {
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'jest-'));
  folders.push(folder);
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

it.each([
  ['nothing said', {}, {}, 'commonjs', 'a.test.js'],
  ['type module, nothing transformed', { type: 'module' }, {}, 'esm', 'a.test.js'],
  ['type module, made CommonJS by babel', { type: 'module' }, { 'babel.config.cjs': '' }, 'commonjs', 'a.test.cjs'],
  ['type module, a preset', { type: 'module', jest: { preset: 'ts-jest' } }, {}, 'commonjs', 'a.test.cjs'],
  [
    'type module, a transform, and modules all the same',
    { type: 'module', scripts: { test: 'NODE_OPTIONS=--experimental-vm-modules jest' } },
    { 'jest.config.js': 'export default { transform: {} };' },
    'esm',
    'a.test.js',
  ],
  ['no type, a transform', {}, { 'jest.config.js': 'module.exports = { transform: {} };' }, 'commonjs', 'a.test.js'],
])('%s', async (_name, manifest, files, kind, fileName) => {
  const modules = await jestModules(await workspace(manifest, files));
  expect([modules.kind, jestFileName('a.test.js', modules)]).toEqual([kind, fileName]);
  expect(moduleKindOf(fileName, modules)).toBe(kind);
});

it('follows an agent that can be loaded in one way only, where Jest finds such names', async () => {
  const modules = await jestModules(await workspace({}));
  expect(jestFileName('a.test.js', modules, 'agents/a.mjs')).toBe('a.test.mjs');
  expect(jestFileName('a.test.js', modules, 'agents/a.cts')).toBe('a.test.js');
  expect(jestFileName('a.test.js', { ...modules, findsBoth: false }, 'agents/a.mjs')).toBe('a.test.js');
});
