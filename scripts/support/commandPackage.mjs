import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { root } from './root.mjs';
import { must } from './run.mjs';
import { packVsix } from './vsix.mjs';

/** What of the extension the `hindstep` command is: all bundled, so that it needs nothing else. */
const PARTS = /^extension\/(dist\/(?:[\w-]+\.[cm]js|THIRD-PARTY-NOTICES\.txt)|LICENSE\.txt)$/;
const EDITOR_ONLY = ['dist/extension.cjs'];

/**
 * Packs the command as an npm package without dependencies, from what is in the extension's.
 * @param {string} folder Where it goes.
 * @returns {Promise<string>} Absolute path of the .tgz.
 */
export async function packCommand(folder) {
  const { path } = await packVsix();
  const { name, version, description, license, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const staging = mkdtempSync(join(tmpdir(), 'hindstep-command-'));
  try {
    for (const [entry, bytes] of Object.entries(unzipSync(new Uint8Array(readFileSync(path))))) {
      const file = PARTS.exec(entry)?.[1];
      if (file === undefined || EDITOR_ONLY.includes(file)) continue;
      mkdirSync(dirname(join(staging, file)), { recursive: true });
      writeFileSync(join(staging, file), bytes);
    }
    const manifest = { name, version, description, license, type: 'module', bin: { hindstep: 'dist/cli.mjs' } };
    const node = { engines: { node: engines.node } };
    writeFileSync(join(staging, 'package.json'), `${JSON.stringify({ ...manifest, ...node }, undefined, 2)}\n`);
    await must('Packing the command', 'npm', ['pack', staging, '--pack-destination', folder], { quiet: true });
    return join(folder, `${name}-${version}.tgz`);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}
