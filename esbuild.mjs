// Builds dist/: `node esbuild.mjs [--watch] [--production]`.

import { chmod, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { context } from 'esbuild';
import { apart } from './scripts/support/apart.mjs';
import { COPIED, noticesOf, noticesText } from './scripts/support/notices.mjs';
import { rawText } from './scripts/support/rawText.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  minify: production,
  // Without a map a stack trace of a user names no line of ours; in the package it would double the size.
  sourcemap: !production,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  define: { 'process.env.NODE_ENV': '"production"' },
};

/** @type {import('esbuild').BuildOptions} */
const node = {
  ...common,
  platform: 'node',
  target: 'node20',
  // jsonc-parser's UMD build, which `main` names, can't be bundled.
  mainFields: ['module', 'main'],
};

// Bundled CommonJS modules still ask for Node's own with `require`.
const requireInModule =
  "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);";

/** @type {import('esbuild').BuildOptions[]} */
const bundles = [
  {
    ...node,
    entryPoints: ['src/extension/extension.ts'],
    outfile: 'dist/extension.cjs',
    format: 'cjs',
    external: ['vscode'],
  },
  { ...node, entryPoints: ['src/worker/thread.ts'], outfile: 'dist/worker.cjs', format: 'cjs' },
  {
    ...node,
    entryPoints: ['src/node/judgement/judge/endpoint.ts'],
    outfile: 'dist/judgeEndpoint.cjs',
    format: 'cjs',
  },
  { ...node, entryPoints: ['src/node/regression/secretlint.ts'], outfile: 'dist/secretlint.cjs', format: 'cjs' },
  {
    ...node,
    entryPoints: ['src/node/replay/mcp/replayMcp.ts'],
    outfile: 'dist/replayMcp.mjs',
    format: 'esm',
    banner: { js: requireInModule },
  },
  { ...node, entryPoints: ['src/node/replay/model/chatLoop.ts'], outfile: 'dist/replayModel.cjs', format: 'cjs' },
  { ...node, entryPoints: ['src/node/judgement/custom/stripTypes.ts'], outfile: 'dist/stripTypes.cjs', format: 'cjs' },
  {
    ...node,
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli.mjs',
    format: 'esm',
    banner: { js: `#!/usr/bin/env node\n${requireInModule}` },
  },
  {
    ...common,
    entryPoints: ['src/webview/main.tsx'],
    outfile: 'dist/webview.js',
    platform: 'browser',
    format: 'iife',
    target: 'chrome130',
  },
  {
    ...common,
    entryPoints: ['src/webview/main.css'],
    outfile: 'dist/webview.css',
    // The page links the codicons itself, from beside this file.
    external: ['*.ttf'],
  },
];

/** @type {[from: string, to: string][]} */
const copies = [
  ['node_modules/@vscode/codicons/dist/codicon.css', 'dist/codicon.css'],
  ['node_modules/@vscode/codicons/dist/codicon.ttf', 'dist/codicon.ttf'],
  ['samples/traces/cancel-duplicate-order.trace.json', 'dist/sample.trace.json'],
];

/** @type {import('esbuild').Plugin} The toolkit names React as a peer; no byte of it belongs in the package. */
const refuseReact = {
  name: 'refuse-react',
  setup: (build) =>
    build.onEnd(({ metafile }) => {
      const found = Object.keys(metafile?.inputs ?? {}).find((path) => /node_modules\/react(-dom)?\//.test(path));
      return found === undefined ? undefined : { errors: [{ text: `React was bundled through ${found}.` }] };
    }),
};

if (production) await rm(join(root, 'dist'), { recursive: true, force: true });
await mkdir(join(root, 'dist'), { recursive: true });

const inputs = new Set(COPIED);
for (const options of bundles) {
  const bundle = await context({ ...options, plugins: [refuseReact, rawText, apart] });
  if (watch) {
    await bundle.watch();
  } else {
    const { metafile } = await bundle.rebuild();
    for (const path of Object.keys(metafile?.inputs ?? {})) inputs.add(path);
    await bundle.dispose();
  }
}
if (!watch) await writeFile(join(root, 'dist/THIRD-PARTY-NOTICES.txt'), noticesText(noticesOf(inputs)));
for (const [from, to] of copies) await copyFile(join(root, from), join(root, to));
await chmod(join(root, 'dist/cli.mjs'), 0o755);
if (watch) console.log('Watching; press Ctrl+C to end.');
