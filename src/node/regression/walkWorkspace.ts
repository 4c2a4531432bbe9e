import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const SKIPPED = new Set(
  'node_modules bower_components dist build out target coverage vendor __pycache__ site-packages venv env'.split(' '),
);
/** A workspace is looked through up to here; what lies deeper or later is not found. */
const MOST_FILES = 20_000;
const DEEPEST = 8;

/**
 * Files of a workspace whose names match, near ones first, relative to it with `/`. Hidden folders, installed packages
 * and what builds made are skipped; links are not followed.
 */
export async function* walkWorkspace(
  workspaceFolder: string,
  matches: (name: string) => boolean,
): AsyncGenerator<string> {
  let level = [''];
  let seen = 0;
  for (let depth = 0; depth <= DEEPEST && level.length > 0; depth++) {
    const below: string[] = [];
    for (const folder of level) {
      const entries = await readdir(join(workspaceFolder, folder), { withFileTypes: true }).catch(() => []);
      entries.sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const entry of entries) {
        if (++seen > MOST_FILES) return;
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isDirectory() && !entry.name.startsWith('.') && !SKIPPED.has(entry.name)) below.push(path);
        else if (entry.isFile() && matches(entry.name)) yield path;
      }
    }
    level = below;
  }
}

export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
