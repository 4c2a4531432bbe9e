import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openFileSource } from './fileSource.ts';
import { folderNeighbours } from './neighbours.ts';

const folder = mkdtempSync(join(tmpdir(), 'hindstep-'));
afterAll(() => rmSync(folder, { recursive: true }));
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('openFileSource', () => {
  it('reads at any offset, and nothing beyond the end', async () => {
    const path = join(folder, 'a.json');
    writeFileSync(path, '0123456789');
    const source = await openFileSource(path);
    expect([source.name, source.size]).toEqual(['a.json', 10]);
    expect(text(await source.read(2, 3))).toBe('234');
    expect(text(await source.read(8, 100))).toBe('89');
    expect(text(await source.read(20, 5))).toBe('');
    await source.close?.();
  });

  it('goes on reading what was opened when the file is deleted, and says so when it is shortened', async () => {
    const path = join(folder, 'b.json');
    writeFileSync(path, '0123456789');
    const source = await openFileSource(path);
    truncateSync(path, 4);
    expect(text(await source.read(0, 4))).toBe('0123');
    await expect(source.read(2, 5)).rejects.toThrow(/b\.json was shortened while it was open: it ends at byte 4/);
    rmSync(path);
    expect(text(await source.read(0, 2))).toBe('01');
    await source.close?.();
    await source.close?.();
    await expect(source.read(0, 2)).rejects.toThrow(/is closed/);
  });

  it('rejects with a sentence for what is no file', async () => {
    await expect(openFileSource(join(folder, 'none.json'))).rejects.toThrow(/none\.json is not there/);
    await expect(openFileSource(folder)).rejects.toThrow(/is no file/);
  });
});

describe('folderNeighbours', () => {
  it('opens and lists files around the folder, and none further up than two levels', async () => {
    const trial = join(folder, 'jobs', 'job', 'trial');
    await mkdir(join(trial, 'agent', 'sub'), { recursive: true });
    writeFileSync(join(folder, 'secret.txt'), 'no');
    writeFileSync(join(trial, 'result.json'), '{}');
    writeFileSync(join(trial, 'agent', 'sub', 'x.json'), '[]');
    symlinkSync(join(folder, 'secret.txt'), join(trial, 'agent', 'link.txt'));
    const neighbours = folderNeighbours(join(trial, 'agent'));
    const read = async (path: string) => {
      const source = await neighbours.open(path);
      const bytes = await source?.read(0, 10);
      await source?.close?.();
      return bytes && text(bytes);
    };
    expect(await read('../result.json')).toBe('{}');
    expect(await read('sub/x.json')).toBe('[]');
    expect(await read('sub\\x.json')).toBe('[]');
    expect(await read('../../../../secret.txt')).toBeUndefined();
    expect(await read('sub/../../../../../secret.txt')).toBeUndefined();
    expect(await read(join(folder, 'secret.txt'))).toBeUndefined();
    expect(await read('link.txt')).toBeUndefined();
    expect(await read('none.json')).toBeUndefined();
    expect(await neighbours.list('sub')).toEqual(['x.json']);
    expect(await neighbours.list('.')).toEqual([]);
    expect(await neighbours.list('../../../..')).toEqual([]);
  });
});
