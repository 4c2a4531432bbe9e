import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/**
 * Copies the sample workspace to `.sample`, so that what is tried there doesn't change the project. An existing copy is
 * kept, with what was done in it, unless `fresh`. It lies inside the project so that its tests find vitest there.
 * @param {boolean} fresh
 */
export function prepareSample(fresh) {
  const folder = join(root, '.sample');
  if (fresh) rmSync(folder, { recursive: true, force: true });
  if (!existsSync(folder)) cpSync(join(root, 'samples'), folder, { recursive: true });
  return folder;
}
