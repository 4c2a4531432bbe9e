import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { endAll } from '../atEnd.ts';
import { removeAbandoned, Staging } from './staging.ts';

/** Which call of which function of the file system fails, and how. */
const failing = vi.hoisted(() => ({ name: '', at: 0, calls: 0, code: 'ENOSPC' }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<Record<string, (...given: unknown[]) => Promise<unknown>>>();
  const wrap =
    (name: string) =>
    async (...given: unknown[]) => {
      if (name === failing.name && failing.calls++ === failing.at) {
        throw Object.assign(new Error(`${failing.code}: made to fail`), { code: failing.code });
      }
      return real[name]?.(...given);
    };
  return { ...real, ...Object.fromEntries(['writeFile', 'link', 'mkdtemp'].map((n) => [n, wrap(n)])) };
});

const top = mkdtempSync(join(tmpdir(), 'hindstep-staging-'));
afterAll(() => rmSync(top, { recursive: true }));
let folder = '';
beforeEach(() => {
  Object.assign(failing, { name: '', at: 0, calls: 0, code: 'ENOSPC' });
  folder = mkdtempSync(join(top, 'tests-'));
});

/** A whole proof: three files and the helper. */
async function proof(target: string, stem: string): Promise<string[]> {
  const staging = await Staging.inside(target);
  try {
    const names = [`${stem}.fixture.json`, `${stem}.test.mjs`, 'helper.mjs'];
    for (const name of names) await staging.write(name, name === 'helper.mjs' ? 'the helper' : stem);
    return await staging.place(names, new Set(), new Set(['helper.mjs']));
  } finally {
    await staging.remove();
  }
}

describe('a staging folder', () => {
  it('leaves what was proved, and nothing else', async () => {
    await proof(folder, 'a');
    expect(readdirSync(folder).sort()).toEqual(['a.fixture.json', 'a.test.mjs', 'helper.mjs']);
  });

  it('is of each proof its own: two at once end well, with one helper', async () => {
    await Promise.all([proof(folder, 'a'), proof(folder, 'b')]);
    expect(readdirSync(folder)).toHaveLength(5);
  });

  it('lets one of two proofs of the same name win, whole', async () => {
    const both = await Promise.allSettled([proof(folder, 'a'), proof(folder, 'a')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(readdirSync(folder).sort()).toEqual(['a.fixture.json', 'a.test.mjs', 'helper.mjs']);
  });

  it('does not take a helper for the same that differs', async () => {
    writeFileSync(join(folder, 'helper.mjs'), 'mine');
    await expect(proof(folder, 'a')).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readdirSync(folder)).toEqual(['helper.mjs']);
    expect(readFileSync(join(folder, 'helper.mjs'), 'utf8')).toBe('mine');
  });

  it.each([
    ['mkdtemp', 1],
    ['writeFile', 4],
  ])('leaves nothing behind when %s fails, whichever of its %i calls it is', async (name, calls) => {
    for (let at = 0; at < calls; at++) {
      Object.assign(failing, { name, at, calls: 0 });
      await expect(proof(join(folder, 'made', 'for it'), 'a')).rejects.toMatchObject({ code: 'ENOSPC' });
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  it('copies where links can not be made', async () => {
    Object.assign(failing, { name: 'link', code: 'EPERM' });
    await proof(folder, 'a');
    expect(readFileSync(join(folder, 'helper.mjs'), 'utf8')).toBe('the helper');
  });

  it('is removed when the editor ends in the midst of a proof', async () => {
    const staging = await Staging.inside(join(folder, 'tests'));
    await staging.write('a.test.mjs', '');
    endAll();
    expect(existsSync(staging.folder)).toBe(false);
  });
});

describe('abandoned staging folders', () => {
  const abandoned = (name: string, owner: object | undefined) => {
    const path = join(folder, name);
    mkdirSync(path);
    writeFileSync(join(path, 'a.test.mjs'), '');
    if (owner !== undefined) writeFileSync(join(path, '.owner.json'), JSON.stringify(owner));
  };
  /** The id of a process that has ended. */
  const ended = spawnSync(process.execPath, ['-e', '']).pid;

  it('are removed when a proof begins, but not those of proofs that run', async () => {
    abandoned('hindstep-proof-dead', { host: hostname(), process: ended });
    abandoned('hindstep-proof-alive', { host: hostname(), process: process.pid });
    abandoned('hindstep-proof-elsewhere', { host: `not ${hostname()}`, process: ended });
    abandoned('hindstep-proof-young', undefined);
    abandoned('my-tests', { host: hostname(), process: ended });
    await proof(folder, 'a');
    expect(readdirSync(folder).sort()).toEqual([
      'a.fixture.json',
      'a.test.mjs',
      'helper.mjs',
      'hindstep-proof-alive',
      'hindstep-proof-elsewhere',
      'hindstep-proof-young',
      'my-tests',
    ]);
  });

  it('may be looked for in a folder that is not there', async () => {
    await expect(removeAbandoned(join(folder, 'none'))).resolves.toBeUndefined();
  });
});
