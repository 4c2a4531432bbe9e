import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { basename, dirname } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { field, isObject, type Json, tryParse } from '../../../core/util/json.ts';
import { messageOf } from '../../../core/util/result.ts';
import serveModules from '../../judgement/custom/hosts/serveModules.mjs?raw';
import { endMarked } from '../../judgement/custom/processes.ts';
import { nearestPython } from '../../regression/nearestPython.ts';
import { inheritedEnvironment, killTree } from '../../regression/runProgram.ts';
import type { AgentFile } from './agentReference.ts';
import nodeHost from './hosts/host.mjs?raw';
import pythonHost from './hosts/host.py?raw';

/** What an agent sends: a call of a tool, what it answered in the end, or why it could not. */
export type FromAgent =
  | { readonly kind: 'call'; readonly call: number; readonly tool: string; readonly arguments: Json | undefined }
  | { readonly kind: 'said'; readonly answer: Json | undefined }
  | { readonly kind: 'failed'; readonly sentence: string };

const MARK = 'HINDSTEP_AGENT';
/** Of what it prints, the end is kept: the last line says best why it failed. Characters. */
const MOST_PRINTED = 4000;
/** Of one message, in characters. */
const LONGEST_MESSAGE = 16 * 1024 * 1024;

/** An agent at work in a process of its own: whatever it does, it harms only itself. `end` leaves nothing of it. */
export class AgentProcess {
  private readonly mark = randomUUID();
  private readonly child: ChildProcess;
  private readonly waiting: FromAgent[] = [];
  private wake: (() => void) | undefined;
  private printed = '';
  private held = '';

  /** Starts an agent. Rejects with a sentence when there is nothing to run it with. */
  static async start(agent: AgentFile): Promise<AgentProcess> {
    const { file, name, language } = agent;
    const { stripTypes } = await import('../../judgement/custom/stripTypes.ts');
    const modules = language === 'ts' ? await stripTypes(file) : {};
    const started = new AgentProcess(agent, await programOf(agent));
    started.send({ kind: 'agent', file, name, modules });
    return started;
  }

  private constructor(
    private readonly agent: AgentFile,
    { program, args }: { readonly program: string; readonly args: readonly string[] },
  ) {
    this.child = spawn(program, args, {
      cwd: process.cwd(),
      env: { ...inheritedEnvironment(), ELECTRON_RUN_AS_NODE: '1', [MARK]: this.mark },
      // Its own process group, so that what it starts ends with it.
      detached: process.platform !== 'win32',
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const [stdin, stdout, stderr, out] = this.child.stdio as unknown as [Writable, Readable, Readable, Readable];
    // It may end without having read everything.
    stdin.on('error', () => {});
    for (const stream of [stdout, stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.printed = (this.printed + text).slice(-MOST_PRINTED);
      });
    }
    out.setEncoding('utf8').on('data', (text: string) => this.take(text));
    out.on('error', () => {});
    this.child.on('error', (thrown) => this.push(this.failed(`can't be run: ${messageOf(thrown)}`)));
    this.child.on('close', (code, by) => {
      const how = code === null ? `was ended by ${by ?? 'a signal'}` : `ended with exit code ${code}`;
      this.push(this.failed(`${how} before it had answered.`));
    });
  }

  /** The last that it printed. */
  get lastPrinted(): string {
    return this.printed.trim().slice(-1000);
  }

  send(message: Json): void {
    (this.child.stdio[0] as Writable).write(`${JSON.stringify(message)}\n`);
  }

  /** The next message; rejects with the signal's reason when aborted, with a sentence when time is up. */
  async next(signal: AbortSignal, deadline: number): Promise<FromAgent> {
    const first = this.waiting.shift();
    if (first !== undefined) return first;
    const left = deadline - Date.now();
    if (left <= 0) return this.failed('did not answer in time.');
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, left);
      const that = this;
      function done() {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        that.wake = undefined;
        resolve();
      }
      this.wake = done;
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
    });
    signal.throwIfAborted();
    return this.next(signal, deadline);
  }

  async end(): Promise<void> {
    for (const stream of this.child.stdio) stream?.destroy();
    killTree(this.child.pid);
    await endMarked(`${MARK}=${this.mark}`);
  }

  private take(text: string): void {
    this.held += text;
    for (let end = this.held.indexOf('\n'); end >= 0; end = this.held.indexOf('\n')) {
      this.push(this.read(this.held.slice(0, end)));
      this.held = this.held.slice(end + 1);
    }
    if (this.held.length > LONGEST_MESSAGE) {
      this.held = '';
      this.push(this.failed('sent a message that is far too long.'));
    }
  }

  private read(line: string): FromAgent {
    const message = tryParse(line);
    const [call, tool] = [field(message, 'call'), field(message, 'tool')];
    switch (field(message, 'kind')) {
      case 'call':
        if (typeof call !== 'number') break;
        if (typeof tool !== 'string') return this.failed('called a tool whose name is no text.');
        return { kind: 'call', call, tool, arguments: field(message, 'arguments') };
      case 'said':
        return { kind: 'said', answer: field(message, 'answer') };
      case 'thrown': {
        const [words, place] = [field(message, 'message'), field(message, 'place')];
        const what = String(words).replace(/\.$/, '');
        return this.failed(`threw: ${what}${typeof place === 'string' ? ` (${place})` : ''}.`);
      }
    }
    return this.failed(`sent what nobody asked for: ${isObject(message) ? 'another message' : 'no JSON'}.`);
  }

  private push(message: FromAgent): void {
    this.waiting.push(message);
    this.wake?.();
  }

  private failed(why: string): FromAgent {
    const last = this.lastPrinted.split('\n').at(-1)?.trim() ?? '';
    const printed = last === '' || why.startsWith('threw') ? '' : ` The last that it printed: ${last}`;
    return { kind: 'failed', sentence: `${basename(this.agent.file)} ${why}${printed}` };
  }
}

async function programOf({ file, language }: AgentFile): Promise<{ program: string; args: string[] }> {
  if (language !== 'py') {
    // The editor's own program is Node too, when it is told so.
    return { program: process.execPath, args: ['--input-type=module', '--eval', `${serveModules}\n${nodeHost}`] };
  }
  const program = await nearestPython(dirname(file));
  if (program === undefined) {
    throw new Error(`${basename(file)} needs Python, and none was found here. Install it, or make a .venv.`);
  }
  return { program, args: ['-B', '-X', 'utf8', '-c', pythonHost] };
}
