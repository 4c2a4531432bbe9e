import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { messageOf } from '../../core/util/result.ts';
import { atEnd } from '../atEnd.ts';
import { killMarked, MARK } from './killMarked.ts';

export interface Finished {
  /** Undefined when the program could not be started or was ended from outside. */
  readonly exitCode: number | undefined;
  /** What it wrote to both streams, in the order in which it came, at most 256 KiB from the start. */
  readonly output: string;
  /** What it wrote to standard output alone, cut likewise. */
  readonly stdout: string;
  /** ms */
  readonly duration: number;
  /** Why there is no exit code. A sentence. */
  readonly problem?: string;
}

export interface RunOptions {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** ms */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

const MOST_OUTPUT = 256 * 1024;
/** Variables of a test runner or debugger that we run under ourselves; the program must not think that it is in it. */
const OURS = /^(?:VITEST|NODE_TEST|JEST|NODE_OPTIONS|NODE_ENV$|NODE_V8_COVERAGE|VSCODE_|ELECTRON_|PYTEST_|TEST$)/;

/**
 * Runs a program to its end. On a timeout, on an abort and when this process ends, it and all that it started are killed:
 * its process group, and on Linux also what left that group. Never rejects.
 */
export function runProgram(program: string, args: readonly string[], options: RunOptions): Promise<Finished> {
  const { folder, env, timeout, signal } = options;
  return new Promise((resolve) => {
    const start = Date.now();
    let output = '';
    let stdout = '';
    let problem: string | undefined;
    if (signal?.aborted === true) {
      resolve({ exitCode: undefined, output, stdout, duration: 0, problem: 'It was cancelled.' });
      return;
    }
    const mark = randomUUID();
    // Its own process group, so that what it starts ends with it.
    const child = spawn(program, args, {
      cwd: folder,
      env: { ...inheritedEnvironment(), ...env, [MARK]: mark },
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const kill = () => {
      killTree(child.pid);
      killMarked(mark);
    };
    const forget = atEnd(kill);
    const end = (why: string) => {
      problem ??= why;
      kill();
    };
    const timer = setTimeout(() => end(`It did not end within ${Math.round(timeout / 1000)} s.`), timeout);
    const onAbort = () => end('It was cancelled.');
    signal?.addEventListener('abort', onAbort, { once: true });
    const take = (text: string) => {
      if (output.length < MOST_OUTPUT) output = (output + text).slice(0, MOST_OUTPUT);
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (stdout.length < MOST_OUTPUT) stdout = (stdout + text).slice(0, MOST_OUTPUT);
      take(text);
    });
    child.stderr.setEncoding('utf8').on('data', take);
    const finish = (exitCode: number | null) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      // What it left running (a server, a watcher) ends with it.
      kill();
      forget();
      const duration = Date.now() - start;
      if (problem !== undefined || exitCode === null) {
        resolve({ exitCode: undefined, output, stdout, duration, problem: problem ?? 'It was ended from outside.' });
      } else resolve({ exitCode, output, stdout, duration });
    };
    child.on('error', (thrown) => {
      problem ??= `${program} can't be started: ${messageOf(thrown)}.`;
      finish(null);
    });
    child.on('exit', (exitCode) => {
      // A grandchild that holds the pipes open must not keep us waiting.
      const late = setTimeout(() => finish(exitCode), 1000);
      child.on('close', () => {
        clearTimeout(late);
        finish(exitCode);
      });
    });
  });
}

/** Our own environment without what would tell a program that it runs under a test runner, a debugger or an editor. */
export function inheritedEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)));
}

/** Ends a process that was started in its own group, with all that is in the group. */
export function killTree(pid: number | undefined): void {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).on('error', () => {});
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended already.
  }
}
