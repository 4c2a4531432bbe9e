import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import { messageOf } from '../../core/util/result.ts';
import { atEnd } from '../atEnd.ts';
import { killMarked, MARK } from '../regression/killMarked.ts';
import { killTree } from '../regression/runProgram.ts';

/** A server of tools that runs as a program of its own. */
export interface ServerProcess {
  readonly input: Writable;
  readonly output: Readable;
  /** How it ended: a sentence's end, `ended with exit code 1`. `failed` is false for exit code 0. Never rejects. */
  readonly ended: Promise<{ readonly words: string; readonly failed: boolean }>;
  /** Ends it and all that it started. */
  kill(): void;
}

/** Starts a server. Its standard error is ours. When this process ends, so does it, with all that it started. */
export function startServer([program, ...args]: readonly [string, ...string[]]): ServerProcess {
  const mark = randomUUID();
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(program, args, {
    env: { ...process.env, [MARK]: mark },
    // Its own process group, so that what it starts ends with it.
    detached: process.platform !== 'win32',
    stdio: ['pipe', 'pipe', 'inherit'],
    windowsHide: true,
  });
  const kill = () => {
    killTree(child.pid);
    killMarked(mark);
  };
  const forget = atEnd(kill);
  // A server that closes its input early says so by ending.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<{ words: string; failed: boolean }>((resolve) => {
    child.once('error', (thrown) => {
      forget();
      resolve({ words: `can't be started: ${messageOf(thrown)}`, failed: true });
    });
    child.once('exit', (code, signal) => {
      // What it left running ends with it.
      kill();
      forget();
      resolve({
        words: signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`,
        failed: code !== 0,
      });
    });
  });
  return { input: child.stdin, output: child.stdout, ended, kill };
}
