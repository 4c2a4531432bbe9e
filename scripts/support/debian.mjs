import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { answers, run } from './run.mjs';

/** Starts Chromium without what a test machine has no use for. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @returns {string | undefined} Absolute path of a Chromium or Chrome. */
export function findChromium() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome.exe'];
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const applications = [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ];
  return [...onPath, ...applications].find((path) => existsSync(path));
}

/** @returns {string | undefined} A Python that has pytest; the first one on PATH may lack it. */
export function findPytest() {
  return ['python3', '/usr/bin/python3', 'python'].find((python) => answers(python, ['-c', 'import pytest']));
}

/**
 * Installs a Debian package when what it brings is missing and this user may install: root, with apt.
 * @param {string} what
 * @param {string} debianPackage
 * @param {() => string | undefined} find
 */
export async function provide(what, debianPackage, find) {
  if (find() !== undefined) return;
  const root = process.getuid?.() === 0;
  if (!root || spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0) return;
  console.log(`Installing ${what} (apt-get install ${debianPackage}) …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-q'], { env, quiet: true });
  await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', debianPackage], { env, quiet: true });
}
