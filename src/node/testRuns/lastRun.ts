import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { asArray, tryParse } from '../../core/util/json.ts';
import { readText } from '../regression/findPrograms.ts';

/** The fixtures under a folder that did not hold the last time; undefined when nothing is known of a last time. */
export async function lastFailed(root: string): Promise<string[] | undefined> {
  const kept = tryParse((await readText(fileOf(root))) ?? '');
  return kept === undefined ? undefined : asArray(kept).filter((file) => typeof file === 'string');
}

/** Keeps them, where the person's programs keep what they can do without. Never rejects. */
export async function keepFailed(root: string, fixtureFiles: readonly string[]): Promise<void> {
  try {
    await mkdir(cacheFolder(), { recursive: true, mode: 0o700 });
    await writeFile(fileOf(root), JSON.stringify(fixtureFiles), { mode: 0o600 });
  } catch {
    // Then the next run knows of no last time, and says so.
  }
}

function fileOf(root: string): string {
  return join(cacheFolder(), `failed-${createHash('sha256').update(root).digest('hex').slice(0, 16)}.json`);
}

function cacheFolder(): string {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = process.env;
  if (process.platform === 'win32') return join(local ?? homedir(), 'hindstep');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'hindstep');
  return join(xdg || join(homedir(), '.cache'), 'hindstep');
}
