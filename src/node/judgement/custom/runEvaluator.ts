import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { Step } from '../../../core/trace/model.ts';
import { type Json, tryParse } from '../../../core/util/json.ts';
import { jsonText } from '../../../core/util/jsonText.ts';
import { err, messageOf, ok, type Result } from '../../../core/util/result.ts';
import { inheritedEnvironment, killTree } from '../../regression/runProgram.ts';
import { endMarked, memoryOf } from './processes.ts';

/** How much a custom evaluator may take. */
export interface Limits {
  /** Time in which it is waited for (to read a step, to answer), in s. */
  readonly time: number;
  /** Memory of it and of all that it starts, in MB. */
  readonly memory: number;
}

/** How the host of a custom evaluator is started. */
export interface HostProgram {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What it is asked: the first line of its standard input. */
export interface Asked {
  /** The evaluator's file, absolute. */
  readonly file: string;
  /** JavaScript of its TypeScript files, by URL. */
  readonly modules: Readonly<Record<string, string>>;
  readonly run: Json;
  readonly context: Json;
}

const MOST_ANSWER = 4 * 1024 * 1024;
/** Of what it prints, the end is kept: the last line says best why it failed. Characters. */
const MOST_PRINTED = 4000;
const LOOK_AT_MEMORY_EVERY = 100;
/** What the language itself takes, in MB. */
const OWN_MEMORY = 128;
const MARK = 'HINDSTEP_EVALUATOR';

/**
 * Runs a custom evaluator in a process of its own over a stream of steps and answers what it said, or why it said
 * nothing: a sentence that goes on from its file's name ("did not answer within 30 s."). The steps are read as fast as
 * it takes them. However it ends, no process of it is left. Rejects only with the signal's reason when aborted.
 */
export async function runEvaluator(
  host: HostProgram,
  asked: Asked,
  steps: AsyncIterable<Step>,
  limits: Limits,
  signal?: AbortSignal,
): Promise<Result<Json>> {
  signal?.throwIfAborted();
  const mark = randomUUID();
  const child = spawn(host.program, host.args, {
    cwd: dirname(asked.file),
    env: { ...inheritedEnvironment(), ...host.env, [MARK]: mark },
    // Its own process group, so that what it starts ends with it.
    detached: process.platform !== 'win32',
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const watched = new Watched(child, limits);
  const onAbort = () => watched.end('was cancelled.');
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([watched.over, feed(watched, asked, steps)]);
    return await watched.over;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    watched.stop();
    killTree(child.pid);
    await endMarked(`${MARK}=${mark}`);
    signal?.throwIfAborted();
  }
}

/** Hands on what is asked, then the steps, each when the one before was taken. */
async function feed(watched: Watched, asked: Asked, steps: AsyncIterable<Step>): Promise<void> {
  try {
    await watched.write(`${jsonText({ ...asked, modules: { ...asked.modules } })}\n`);
    for await (const step of steps) {
      if (watched.isOver) return;
      await watched.write(`${jsonText(step as unknown as Json)}\n`);
    }
  } catch (thrown) {
    watched.end(`could not be given the steps: ${messageOf(thrown)}`);
  }
  watched.finishInput();
}

/** The process at work: what it says, and the limits that it is held to. */
class Watched {
  /** Settles when it has answered, ended, or gone over a limit. */
  readonly over: Promise<Result<Json>>;
  isOver = false;
  private settle: (outcome: Result<Json>) => void = () => {};
  private readonly stdin: Writable;
  private printed = '';
  private answer = '';
  private timeLeft: number;
  private timer: NodeJS.Timeout | undefined;
  private waitingSince = 0;
  private readonly memoryWatch: NodeJS.Timeout;

  constructor(
    private readonly child: ChildProcess,
    private readonly limits: Limits,
  ) {
    this.over = new Promise((resolve) => {
      this.settle = resolve;
    });
    this.timeLeft = limits.time * 1000;
    const [stdin, stdout, stderr, out] = child.stdio as unknown as [Writable, Readable, Readable, Readable];
    this.stdin = stdin;
    // It may end without having read everything.
    stdin.on('error', () => {});
    for (const stream of [stdout, stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.printed = (this.printed + text).slice(-MOST_PRINTED);
      });
      stream.on('error', () => {});
    }
    out.setEncoding('utf8').on('data', (text: string) => this.take(text));
    out.on('error', () => {});
    child.on('error', (thrown) => this.end(`can't be run: ${messageOf(thrown)}.`));
    child.on('exit', (code, by) => {
      // What it said before it ended may still be on its way; a grandchild that holds the pipes must not keep us waiting.
      const late = setTimeout(() => this.ended(code, by), 1000);
      child.on('close', () => {
        clearTimeout(late);
        this.ended(code, by);
      });
    });
    this.memoryWatch = setInterval(() => void this.lookAtMemory(), LOOK_AT_MEMORY_EVERY);
  }

  /** Writes to its standard input; resolves when there is room for more. */
  async write(text: string): Promise<void> {
    if (this.isOver || this.stdin.write(text)) return;
    this.startClock();
    const room = new Promise<void>((resolve) => {
      this.stdin.once('drain', resolve);
    });
    await Promise.race([room, this.over]);
    this.stopClock();
  }

  finishInput(): void {
    if (this.isOver) return;
    this.stdin.end();
    this.startClock();
  }

  /** Gives up on it, for a reason that goes on from its file's name. */
  end(why: string): void {
    this.finish(err(why));
  }

  stop(): void {
    clearInterval(this.memoryWatch);
    clearTimeout(this.timer);
    for (const stream of this.child.stdio) stream?.destroy();
  }

  /** Only the time in which it is waited for counts: reading a large trace is no fault of its own. */
  private startClock(): void {
    this.waitingSince = Date.now();
    this.timer = setTimeout(() => this.end(`did not answer within ${this.limits.time} s.`), this.timeLeft);
  }

  private stopClock(): void {
    clearTimeout(this.timer);
    this.timeLeft -= Date.now() - this.waitingSince;
  }

  private take(text: string): void {
    this.answer += text;
    const end = this.answer.indexOf('\n');
    if (end >= 0) {
      const value = tryParse(this.answer.slice(0, end));
      this.finish(value === undefined ? err('gave an answer that is no JSON.') : ok(value));
    } else if (this.answer.length > MOST_ANSWER) {
      this.end(`gave an answer of more than ${MOST_ANSWER / 1024 / 1024} MB.`);
    }
  }

  private ended(code: number | null, by: NodeJS.Signals | null): void {
    if (/heap out of memory/.test(this.printed)) this.end(this.tooMuchMemory());
    const how = code === null ? `was ended by ${by ?? 'a signal'}` : `ended with exit code ${code}`;
    const last = this.printed.trim().split('\n').at(-1)?.trim() ?? '';
    this.end(`${how} before it gave a verdict.${last === '' ? '' : ` The last that it printed: ${last}`}`);
  }

  private async lookAtMemory(): Promise<void> {
    if (this.isOver || this.child.pid === undefined) return;
    const bytes = await memoryOf(this.child.pid);
    if (bytes !== undefined && bytes > (this.limits.memory + OWN_MEMORY) * 1024 * 1024) this.end(this.tooMuchMemory());
  }

  private tooMuchMemory(): string {
    return `took more than ${this.limits.memory} MB of memory.`;
  }

  private finish(outcome: Result<Json>): void {
    this.isOver = true;
    this.settle(outcome);
  }
}
