import { join } from 'node:path';
import { build } from 'esbuild';
import { rawText } from './rawText.mjs';
import { root } from './root.mjs';

/**
 * Bundles measuring programs of test/bench, each to be run in a process of its own.
 * @param {readonly string[]} names
 * @param {string} folder
 */
export async function bundleBench(names, folder) {
  await build({
    entryPoints: names.map((name) => join(root, 'test', 'bench', `${name}.ts`)),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    plugins: [rawText],
    logLevel: 'error',
    // Bundled CommonJS packages ask for `require`.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
  });
}
