import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asArray, at, field, tryParse } from '../../src/core/util/json.ts';
import { runCli } from '../support/runCli.ts';

// What the README tells people to type is run as it stands, in a copy of the sample workspace.
const root = resolve(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const packageJson = tryParse(readFileSync(join(root, 'package.json'), 'utf8'));

const before = process.cwd();
let folder = '';
beforeAll(() => {
  mkdirSync(join(root, '.cache'), { recursive: true });
  folder = mkdtempSync(join(root, '.cache', 'readme-'));
  cpSync(join(root, 'samples'), join(folder, '.sample'), { recursive: true });
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

/** Commands in fenced blocks, lines that end in a backslash joined. */
function commands(program: string): string[] {
  return [...readme.matchAll(/```\n([\s\S]*?)```/g)]
    .flatMap(([, block = '']) => block.replace(/\\\n\s*/g, ' ').split('\n'))
    .filter((line) => line.startsWith(`${program} `));
}

/** The words of a command line, with single quotes as a shell reads them. */
function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
}

describe('the README', () => {
  it.each(commands('node dist/cli.mjs'))('%s', { timeout: 60_000 }, async (line) => {
    const { code, errors } = await runCli(...words(line).slice(2));
    expect([code, errors.filter((error) => /^hindstep:|no command|can't/.test(error))]).toEqual([0, []]);
  });

  it('names commands at all', () => {
    expect(commands('node dist/cli.mjs').length).toBeGreaterThan(1);
    expect(commands('npm').map((line) => line.split('#')[0]?.trim())).toEqual(['npm start', 'npm test']);
  });

  it('lists the keys that VS Code was given', () => {
    const keys = asArray(at(packageJson, 'contributes', 'keybindings')).map((binding) => String(field(binding, 'key')));
    const listed = [...readme.matchAll(/`((?:Alt\+|Shift\+)?F\d+)`/g)].map(([, key = '']) => key.toLowerCase());
    expect(listed.length).toBeGreaterThan(5);
    for (const key of listed) expect(keys).toContain(key);
  });

  it('links to files that are there', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, link = '']) => link);
    for (const link of links) expect(() => readFileSync(join(root, link))).not.toThrow();
  });
});
