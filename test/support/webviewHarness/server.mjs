// Serves the webview in a plain page, with a host that stands in for VS Code. `node test/support/webviewHarness/server.mjs [PORT]`

import { randomBytes } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { THEMES } from './themes.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../../..');
const codicons = join(root, 'node_modules/@vscode/codicons/dist');

/** What judges with files, programs and models stays out of a page. */
const plainJudgement = {
  name: 'plain-judgement',
  setup(build) {
    build.onResolve({ filter: /\/judgement\/judgementOf\.ts$/ }, () => ({ path: join(here, 'plainJudgement.ts') }));
    build.onResolve({ filter: /\/(?:lazyEndpoint|secretDetector)\.ts$/ }, () => ({ path: join(here, 'noModels.ts') }));
  },
};

/** Builds the view and the stand-in host as the extension would, into memory. */
async function bundles() {
  const common = { bundle: true, plugins: [plainJudgement], write: false, absWorkingDir: root, logLevel: 'warning', sourcemap: 'inline' };
  const entries = {
    '/webview.js': { entryPoints: ['src/webview/main.tsx'], format: 'iife', target: 'chrome130', minify: true, define: { 'process.env.NODE_ENV': '"production"' } },
    '/webview.css': { entryPoints: ['src/webview/main.css'], external: ['*.ttf'] },
    '/service.js': { entryPoints: [join(here, 'serviceThread.ts')], format: 'iife', platform: 'browser', mainFields: ['module', 'main'] },
    '/host.js': { entryPoints: [join(here, 'fakeHost.ts')], format: 'iife', platform: 'browser', mainFields: ['module', 'main'] },
  };
  const files = new Map();
  for (const [path, options] of Object.entries(entries)) {
    const { outputFiles } = await build({ ...common, ...options, outfile: path.slice(1) });
    files.set(path, outputFiles[0].contents);
  }
  return files;
}

function page(theme) {
  const { kind, ...colors } = THEMES[theme] ?? THEMES.dark;
  const nonce = randomBytes(16).toString('base64');
  const variables = Object.entries(colors).map(([name, value]) => `--vscode-${name}: ${value};`).join('\n');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self' 'nonce-${nonce}'; font-src 'self'; img-src 'self' data: blob:; script-src 'nonce-${nonce}'; connect-src 'self'; worker-src 'self'">
<meta property="csp-nonce" content="${nonce}">
<title>Hindstep</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">:root { ${variables} } body { padding: 0 }</style>
<link rel="stylesheet" href="/codicon.css">
<link rel="stylesheet" href="/webview.css">
</head>
<body class="${kind}" data-vscode-theme-kind="${kind}">
<div id="root"></div>
<script nonce="${nonce}" src="/host.js"></script>
<script nonce="${nonce}" src="/webview.js"></script>
</body>
</html>`;
}

const TYPES = { js: 'text/javascript', css: 'text/css', ttf: 'font/ttf', html: 'text/html; charset=utf-8' };

async function readRange(path, start, end) {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(end - start), 0, end - start, start);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Starts the server and answers its address. */
export async function startHarness(port = 0) {
  const files = await bundles();
  files.set('/codicon.css', await readFile(join(codicons, 'codicon.css')));
  files.set('/codicon.ttf', await readFile(join(codicons, 'codicon.ttf')));
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://harness');
    const send = (status, type, body) => response.writeHead(status, { 'content-type': type }).end(body);
    if (url.pathname === '/') return send(200, TYPES.html, page(url.searchParams.get('theme') ?? 'dark'));
    if (url.pathname === '/file') {
      const { path = '', start, end, size } = Object.fromEntries(url.searchParams);
      if (size !== undefined) return send(200, 'text/plain', String((await stat(path)).size));
      const body = await (start === undefined ? readFile(path) : readRange(path, Number(start), Number(end))).catch(() => undefined);
      return body === undefined ? send(404, 'text/plain', 'no such file') : send(200, 'application/octet-stream', body);
    }
    const file = files.get(url.pathname);
    if (file === undefined) return send(404, 'text/plain', 'not here');
    return send(200, TYPES[url.pathname.split('.').at(-1) ?? ''] ?? 'text/plain', file);
  });
  await new Promise((resolveListening) => server.listen(port, '127.0.0.1', () => resolveListening(undefined)));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}/`, close: () => server.close() };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await startHarness(Number(process.argv[2] ?? 4173));
  console.log(`The view is at ${url}?theme=dark (light, hc), ?trace=/path/to/file, ?steps=1000000`);
}
