import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/**
 * A hash over files and all files in folders, by path and content.
 * @param {readonly string[]} paths Relative to the project's folder; what does not exist counts as nothing.
 */
export function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(filesOf).sort())
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesOf(path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full).flatMap((name) => filesOf(join(path, name)));
}

/**
 * Does work once for a state: skips it when the stamp file already holds that state, and writes it afterwards.
 * @param {string} file Absolute path of the stamp.
 * @param {string} state
 * @param {() => Promise<void>} work
 */
export async function once(file, state, work) {
  if (existsSync(file) && readFileSync(file, 'utf8') === state) return;
  await work();
  writeFileSync(file, state);
}
