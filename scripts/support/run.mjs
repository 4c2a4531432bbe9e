import { spawn, spawnSync } from 'node:child_process';
import { root } from './root.mjs';

const windows = process.platform === 'win32';

/**
 * Runs a program with its output shown. Answers its exit code (1 when it was ended by a signal or can't be started).
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean }} [options] `quiet` shows output only on failure.
 * @returns {Promise<number>}
 */
export function run(program, args, { cwd = root, env = process.env, quiet = false } = {}) {
  return new Promise((resolve) => {
    // npm and npx are command files on Windows, which only a shell starts.
    const child = spawn(program, [...args], { cwd, env, shell: windows, stdio: quiet ? 'pipe' : 'inherit' });
    /** @type {Buffer[]} */
    const output = [];
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));
    child.on('error', (error) => {
      console.error(`${program} can't be started: ${error.message}`);
      resolve(1);
    });
    child.on('close', (code) => {
      if (quiet && code !== 0) process.stderr.write(Buffer.concat(output));
      resolve(code ?? 1);
    });
  });
}

/**
 * Runs a program that must succeed; exits the process with a sentence when it doesn't.
 * @param {string} what What is being done, for the sentence: "Installing".
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean }} [options]
 */
export async function must(what, program, args, options) {
  const code = await run(program, args, options);
  if (code === 0) return;
  console.error(
    `${what} failed: "${[program, ...args].join(' ')}" ended with exit code ${code}; its output stands above.`,
  );
  process.exit(1);
}

/**
 * Whether a program answers; nothing is shown.
 * @param {string} program
 * @param {readonly string[]} args
 */
export function answers(program, args) {
  return spawnSync(program, args, { stdio: 'ignore', shell: windows }).status === 0;
}

/**
 * @param {number} since `performance.now()` at the start.
 * @returns {string} "12.3 s"
 */
export function elapsed(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
