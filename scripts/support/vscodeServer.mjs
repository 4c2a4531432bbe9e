import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { root } from './root.mjs';
import { must } from './run.mjs';
import { once } from './stamp.mjs';

/** The npm package that carries the real VS Code 1.100.3 server; it needs no native build for our purpose. */
const CODE_SERVER = 'code-server@4.100.3';
const home = join(root, '.cache', 'vscode');
const vscodeFolder = join(home, 'node_modules', 'code-server', 'lib', 'vscode');
const serverMain = join(vscodeFolder, 'out', 'server-main.js');

/** Settings under which VS Code neither calls home nor covers the sample with welcome pages. */
const QUIET_SETTINGS = {
  'telemetry.telemetryLevel': 'off',
  'workbench.enableExperiments': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'git.openRepositoryInParentFolders': 'never',
  'npm.fetchOnlinePackageInfo': false,
};

/** Installs the server into `.cache/vscode` unless it is there. */
export async function installServer() {
  mkdirSync(home, { recursive: true });
  await once(join(home, 'installed'), CODE_SERVER, async () => {
    console.log(`Installing VS Code (${CODE_SERVER} from the npm registry) into .cache/vscode …`);
    writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
    const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    await must('Installing VS Code', 'npm', ['install', ...quietly, CODE_SERVER], { cwd: home });
    // The server's own packages, and those of its built-in extensions (TypeScript's server is one of them).
    for (const cwd of [vscodeFolder, join(vscodeFolder, 'extensions')]) {
      await must('Installing VS Code', 'npm', ['install', ...quietly, '--omit=dev'], { cwd });
    }
  });
}

/**
 * One server's own folders: user data (kept between starts) and extensions.
 * @param {string} name
 */
export function serverFolders(name) {
  const folder = join(root, '.cache', name);
  return { data: join(folder, 'data'), extensions: join(folder, 'extensions') };
}

/** @typedef {ReturnType<typeof serverFolders>} Folders */

/**
 * Installs the package into the server's extensions, unless that very package is installed.
 * @param {Folders} folders
 * @param {{ path: string, hash: string }} vsix
 */
export async function installVsix(folders, vsix) {
  mkdirSync(folders.extensions, { recursive: true });
  await once(join(dirname(folders.extensions), 'installed-vsix'), vsix.hash, async () => {
    const args = [serverMain, ...flagsOf(folders), '--install-extension', vsix.path, '--force'];
    await must('Installing the extension', process.execPath, args, { quiet: true });
  });
}

/**
 * Starts the server on a free port and waits until it answers.
 * @param {Folders} folders
 * @returns {Promise<{ url: string, stop: () => Promise<void>, ended: Promise<number> }>} `ended` settles with the exit code.
 */
export async function startServer(folders) {
  writeSettings(folders);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const args = [
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--without-connection-token',
    '--telemetry-level',
    'off',
  ];
  const child = spawn(process.execPath, [serverMain, ...args, ...flagsOf(folders)], {
    cwd: vscodeFolder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-10_000);
    });
  }
  /** @type {Promise<number>} */
  const ended = new Promise((resolve) => child.on('close', (code) => resolve(code ?? 0)));
  const gone = ended.then((code) => {
    throw new Error(`VS Code's server ended with exit code ${code} before it answered:\n${output}`);
  });
  await Promise.race([gone, untilAnswering(url)]);
  gone.catch(() => undefined);
  const stop = async () => {
    child.kill();
    await ended;
  };
  return { url, stop, ended };
}

/** @param {Folders} folders */
function flagsOf({ data, extensions }) {
  return ['--accept-server-license-terms', '--server-data-dir', data, '--extensions-dir', extensions];
}

/** @param {Folders} folders */
function writeSettings({ data }) {
  const file = join(data, 'data', 'User', 'settings.json');
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(QUIET_SETTINGS, undefined, 2)}\n`);
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/**
 * Asks until there is an answer, for a minute at most.
 * @param {string} url
 */
async function untilAnswering(url) {
  for (let attempt = 0; attempt < 600; attempt++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`VS Code's server did not answer at ${url} within a minute.`);
}
