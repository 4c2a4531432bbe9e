import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './root.mjs';
import { must } from './run.mjs';
import { hashOf, once } from './stamp.mjs';

/** All that the package is made from. */
const INPUTS = [
  'src',
  'media',
  'samples/traces',
  'package.json',
  'package-lock.json',
  'esbuild.mjs',
  '.vscodeignore',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
];

/** @returns {string} Absolute path of the package, whether it is there or not. */
export function vsixPath() {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return join(root, `${name}-${version}.vsix`);
}

/**
 * Builds for production and packs the VSIX, unless that was done from the same files.
 * @returns {Promise<{ path: string, hash: string }>}
 */
export async function packVsix() {
  const path = vsixPath();
  const hash = hashOf(INPUTS);
  const stamp = join(root, '.cache', 'packed-vsix');
  mkdirSync(dirname(stamp), { recursive: true });
  if (!existsSync(path)) rmSync(stamp, { force: true });
  await once(stamp, hash, async () => {
    await must('Building', process.execPath, ['esbuild.mjs', '--production']);
    // Everything is bundled, so no dependency goes in.
    const flags = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', path];
    await must('Packing', join(root, 'node_modules', '.bin', 'vsce'), ['package', ...flags], { quiet: true });
  });
  return { path, hash };
}
