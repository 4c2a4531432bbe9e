import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { FixtureMessage } from '../../../core/regression/fixture.ts';
import type { JudgedCall, JudgedRun } from '../../../core/regression/judge.ts';
import { asArray, asText, field, type Json, tryParse } from '../../../core/util/json.ts';
import { argumentsOf, wordsOf } from './agent.ts';

/** A run of a trace. */
export interface TraceRun extends JudgedRun {
  readonly calls: readonly JudgedCall[];
  readonly finalText: string;
  readonly steps: number;
  /** What was asked first. */
  readonly goal: string;
}

/** The runs of a trace: OpenAI chat messages and ATIF are read here, all else through `hindstep`. */
export function readTrace(path: string): TraceRun[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  } catch {
    throw new Error(`hindstep: there is no trace at ${path}; record a run, or name one with HINDSTEP_TRACE.`);
  }
  const documents = parseDocuments(text);
  const [only] = documents;
  const all = documents.length === 1 && Array.isArray(only) ? only : documents;
  if (all.length > 0) {
    if (all.every(isMessage)) return [readMessages(all)];
    const conversations = all.map((one) => asArray(field(one, 'messages')));
    if (conversations.every((messages) => messages.length > 0 && messages.every(isMessage))) {
      return conversations.map(readMessages);
    }
    const isAtif = (one: Json) =>
      /^ATIF-/.test(String(field(one, 'schema_version'))) && Array.isArray(field(one, 'steps'));
    if (all.every(isAtif)) return all.map((one) => readAtif(asArray(field(one, 'steps'))));
  }
  return readThroughHindstep(path);
}

/** Of several runs in a file, those that were asked the same. A redacted word of the goal may be any. */
export function sameTask(messages: readonly FixtureMessage[], runs: readonly TraceRun[], path: string): TraceRun[] {
  if (runs.length === 1) return [...runs];
  const same = runs.filter((run) => isSameTask(messages, run.goal));
  if (same.length > 0) return same;
  throw new Error(`hindstep: ${path} has ${runs.length} runs, and none of them was asked what this test is about.`);
}

/** Whether a goal is the one of the recorded messages, in which redacted words may be any. */
export function isSameTask(messages: readonly FixtureMessage[], asked: string): boolean {
  const goal = wordsOf(messages.find(({ role }) => role === 'user')?.content);
  const parts = goal.split(/<[A-Z][A-Z_]*_\d+>/).map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`, 's').test(asked);
}

function isMessage(value: Json): boolean {
  return typeof field(value, 'role') === 'string';
}

function parseDocuments(text: string): Json[] {
  const whole = tryParse(text);
  if (whole !== undefined) return [whole];
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const parsed = lines.map(tryParse);
  return parsed.every((one) => one !== undefined) ? parsed : [];
}

/** Adds up what was done: `user`, `say` and `call` in order. A call was asked for when the user spoke after the agent. */
export class Collected implements TraceRun {
  readonly calls: JudgedCall[] = [];
  finalText = '';
  steps = 0;
  goal = '';
  private spoke = false;
  private said = false;
  private asked = false;

  user(text: string): void {
    if (!this.spoke) this.goal = text;
    this.spoke = true;
    this.asked = this.said;
  }

  say(text: string): void {
    this.steps++;
    this.finalText = text;
    if (text.trim() !== '') this.said = true;
  }

  call(tool: Json | undefined, args: Json | undefined): void {
    this.calls.push({ tool: String(tool), arguments: argumentsOf(args), asked: this.asked });
  }
}

function readAtif(steps: readonly Json[]): TraceRun {
  const run = new Collected();
  for (const step of steps) {
    const source = field(step, 'source');
    if (source === 'user') run.user(wordsOf(field(step, 'message')));
    if (source !== 'agent') continue;
    run.say(wordsOf(field(step, 'message')));
    for (const call of asArray(field(step, 'tool_calls')))
      run.call(field(call, 'function_name'), field(call, 'arguments'));
  }
  return run;
}

function readMessages(messages: readonly Json[]): TraceRun {
  const run = new Collected();
  for (const message of messages) {
    const role = field(message, 'role');
    if (role === 'user') run.user(wordsOf(field(message, 'content')));
    if (role !== 'assistant') continue;
    run.say(wordsOf(field(message, 'content')));
    for (const call of asArray(field(message, 'tool_calls'))) {
      const made = field(call, 'function') ?? call;
      run.call(field(made, 'name'), field(made, 'arguments'));
    }
  }
  return run;
}

function readThroughHindstep(path: string): TraceRun[] {
  const output = runHindstep(['steps', path, '--json']);
  if (output === undefined) {
    throw new Error(
      `hindstep: ${path} is neither chat messages nor ATIF, and "hindstep" is not on the PATH to read it.`,
    );
  }
  const runs = new Map<string, Collected>();
  for (const line of output.split('\n').filter(Boolean)) {
    const step = tryParse(line);
    const id = String(field(step, 'run'));
    const run = runs.get(id) ?? new Collected();
    runs.set(id, run);
    const kind = field(step, 'kind');
    const words = wordsOf(field(step, 'message'));
    if (kind === 'user') run.user(words);
    if (kind === 'user' || kind === 'system') continue;
    run.say(words);
    for (const action of asArray(field(step, 'actions'))) run.call(field(action, 'tool'), field(action, 'arguments'));
  }
  return [...runs.values()];
}

/** What the `hindstep` command prints; undefined when there is none, or it fails. HINDSTEP_CLI names its file. */
export function runHindstep(args: readonly string[]): string | undefined {
  const command = asText(process.env.HINDSTEP_CLI);
  const [program, first] = command ? [process.execPath, [command]] : ['hindstep', []];
  try {
    return execFileSync(program, [...first, ...args], {
      encoding: 'utf8',
      maxBuffer: 1 << 30,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch (thrown) {
    // 1 says that something was found.
    const [status, stdout] = [(thrown as { status?: unknown }).status, (thrown as { stdout?: unknown }).stdout];
    return status === 1 && typeof stdout === 'string' ? stdout : undefined;
  }
}
