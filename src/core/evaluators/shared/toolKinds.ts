import type { Action, Step } from '../../trace/model.ts';
import { asFilledText } from '../../util/json.ts';
import { commandsOf, shellCommandOf } from './shell.ts';
import { bareToolName, wordsOfName } from './toolNames.ts';

/** Kinds of tools that several checks treat apart, told by the words of their names. */

/** The words of a tool's own name, without the server it came from. */
function wordsOf(tool: string): readonly string[] {
  return wordsOfName(bareToolName(tool));
}

const WAITING = new Set(['wait', 'sleep', 'poll', 'screenshot', 'status', 'heartbeat', 'ping', 'await', 'watch']);
const CLOCKS = new Set(['time', 'date', 'now', 'clock']);
const READING = new Set(['get', 'current', 'check', 'read', 'what', 'is']);

/** True for tools that are meant to be called again with the same arguments: waiting, status, screenshots, clocks. */
export function isPolling(action: Action): boolean {
  const words = wordsOf(action.tool);
  if (words.some((word) => WAITING.has(word))) return true;
  if (words.some((word) => CLOCKS.has(word)) && words.every((word) => CLOCKS.has(word) || READING.has(word)))
    return true;
  const kind = asFilledText(action.arguments.action);
  if (kind !== undefined && WAITING.has(kind.toLowerCase())) return true;
  return /^\s*(sleep|watch|wait|tail -f)\b/.test(shellCommandOf(action) ?? '');
}

const GENERIC = new Set(
  (
    'bash shell sh zsh powershell terminal exec execute run command cmd python ipython jupyter notebook repl code sql ' +
    'query http request fetch curl api browser browse computer click type press navigate tap goto playwright'
  ).split(' '),
);
/** Words by which a name with `run`, `code`, `query` in it is a reading or naming one and no interpreter. */
const NOT_GENERIC = new Set(['search', 'list', 'find', 'lookup', 'status', 'zip', 'postal']);

/**
 * True for tools whose effect lies in what they are given and not in their name: shells, interpreters, SQL, HTTP and
 * user-interface actions.
 */
export function isGeneric(action: Action): boolean {
  const words = wordsOf(action.tool);
  return action.target !== undefined || (words.some((w) => GENERIC.has(w)) && !words.some((w) => NOT_GENERIC.has(w)));
}

const COMMAND_KEYS = ['command', 'cmd', 'code', 'script', 'sql', 'query', 'statement', 'input', 'keystrokes'];

/** The command, code or statement that a generic tool is given, when there is one. */
export function commandOf(action: Action): string | undefined {
  for (const key of COMMAND_KEYS) {
    const value = action.arguments[key];
    if (Array.isArray(value)) return value.join(' ');
    const text = asFilledText(value);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The program that a shell call is about, past `cd …`: `cd app && FOO=1 python -m pytest -q` gives `pytest`. */
export function programOf(action: Action): string | undefined {
  const command = shellCommandOf(action);
  if (command === undefined) return undefined;
  const main = commandsOf(command).find(
    ({ words }) => !['cd', 'export', 'source', 'set', 'echo'].includes(words[0] ?? ''),
  );
  const [first, second, third] = main?.words ?? [];
  if (first === undefined || !/^[^-<>]*[\w:.[]/.test(first)) return undefined; // A redirection or an option is no program.
  return /^python\d?$/.test(first) && second === '-m' ? third : first;
}

/** What people call an action: its tool, and for a shell the program too: `bash (pytest)`. */
export function nameOf(action: Action): string {
  const program = programOf(action);
  return program === undefined || program.length > 40 ? action.tool : `${action.tool} (${program})`;
}

const STOPPING = new Set([
  'submit',
  'finish',
  'done',
  'task done',
  'task complete',
  'complete task',
  'attempt completion',
  'final answer',
  'terminate',
  'exit',
  'finish task',
]);

/** True for tools by which an agent says that it is finished (`submit`, `task_done`, `attempt_completion`). */
export function isStopTool(tool: string): boolean {
  return STOPPING.has(wordsOf(tool).join(' '));
}

/** Whether an agent says by a call of a step, or by its final text in the same step, that it is done. */
export function endsWith(step: Pick<Step, 'kind'>, tool: string): boolean {
  return step.kind === 'final' || isStopTool(tool);
}

/** True for tools that hand the conversation over to a person (`transfer_to_human_agents`, `escalateToHuman`). */
export function isEscalation(tool: string): boolean {
  const words = wordsOf(tool);
  return (
    words.some((w) => w === 'human' || w === 'humans' || w === 'operator') &&
    words.some((w) => ['transfer', 'escalate', 'handoff', 'hand'].includes(w))
  );
}

const TIDYING =
  /^(close( (browser|page|tab|session|connection))?|cleanup|clean up|teardown|quit|shutdown|logout|save memory|memory|todo( (read|write))?|end session)$/;

/** True for tools that tidy up after the work: closing a browser, keeping memory and to-do lists. */
export function isTidying(tool: string): boolean {
  return TIDYING.test(wordsOf(tool).join(' '));
}
