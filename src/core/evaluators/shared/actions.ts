import type { Action, Observation } from '../../trace/model.ts';
import { partsText } from '../../trace/stepText.ts';
import { isVolatile } from '../../trace/volatile.ts';
import { digestOf } from '../../util/digest.ts';
import { field, isObject, type Json, type JsonObject, tryParse } from '../../util/json.ts';
import type { Effect } from '../context.ts';
import { commandsOf, shellCommandOf } from './shell.ts';

const keys = new WeakMap<Action, string>();

/**
 * The identity of a call: a digest of its tool, its arguments in the order of their names without volatile ones, and what a
 * user-interface action was aimed at. Undefined when the file does not record arguments (then no two calls are known
 * to be equal).
 */
export function callKey(action: Action): string | undefined {
  if (!action.argumentsRecorded) return undefined;
  const known = keys.get(action);
  if (known !== undefined) return known;
  const unparsed = action.argumentsProblem !== undefined ? (action.rawArguments ?? null) : null;
  const { element, role, url, x, y } = action.target ?? {};
  const target = [element ?? null, role ?? null, url ?? null, x ?? null, y ?? null];
  const key = digestOf(JSON.stringify([action.tool, comparable(action.arguments), unparsed, target]));
  keys.set(action, key);
  return key;
}

function comparable(value: Json): Json {
  if (Array.isArray(value)) return value.map(comparable);
  if (!isObject(value)) return value;
  const kept: JsonObject = Object.create(null);
  for (const key of Object.keys(value).sort()) if (!isVolatile(key)) kept[key] = comparable(value[key] ?? null);
  return kept;
}

/** The words of an action's observation; empty when there is none. */
export function observationText(action: Action): string {
  const { observation } = action;
  if (observation === undefined) return '';
  const known = texts.get(observation);
  if (known !== undefined) return known;
  const text = partsText(observation.content);
  texts.set(observation, text);
  return text;
}

/** Every evaluator asks for the same text; it goes when its step does. */
const texts = new WeakMap<Observation, string>();

/** Digest of what an action got back; an action without a recorded observation has the digest of nothing, `none`. */
export function observationDigest(action: Action): string {
  if (action.observation === undefined) return 'none';
  const known = digests.get(action.observation);
  if (known !== undefined) return known;
  const digest = digestOf(observationText(action));
  digests.set(action.observation, digest);
  return digest;
}

const digests = new WeakMap<Observation, string>();

/** How an action ended, as far as the trace tells. */
export type ActionOutcome = 'succeeded' | 'failed' | 'unknown';

/**
 * Strongest evidence first: the format's own flag, an exit code, a JSON body that says so, text that starts as errors
 * do. "Nothing found" is an answer, and so is the exit code 1 of grep, diff and test runners.
 */
export function outcomeOf(action: Action): ActionOutcome {
  const known = outcomes.get(action);
  if (known !== undefined) return known;
  const outcome = toldBy(action);
  outcomes.set(action, outcome);
  return outcome;
}

const outcomes = new WeakMap<Action, ActionOutcome>();

function toldBy(action: Action): ActionOutcome {
  const { observation } = action;
  if (observation === undefined) return 'unknown';
  if (observation.isError === true && observation.errorSource === 'flag') return 'failed';
  const code = observation.exitCode;
  if (code !== undefined) return code === 0 || isAnswer(action, code) ? 'succeeded' : 'failed';
  if (observation.isError !== undefined) {
    if (observation.isError && FOUND_NOTHING.test(observationText(action).slice(0, HEAD))) return 'succeeded';
    return observation.isError ? 'failed' : 'succeeded';
  }
  const text = observationText(action);
  return looksFailed(text, observation) ? 'failed' : text.trim() === '' ? 'unknown' : 'succeeded';
}

/** True when the action is known to have failed. See `outcomeOf` for what counts. */
export function failed(action: Action): boolean {
  return outcomeOf(action) === 'failed';
}

/** True for an action that changes something. What is unknown is never taken for a write. */
export function isWrite(effect: Effect): boolean {
  return effect === 'write' || effect === 'irreversible';
}

/** Errors are said at the start; a text is never searched further than this many characters for one. */
const HEAD = 400;
/** Characters of a JSON body that is read to learn whether it says so: an error is short. */
const LONGEST_BODY = 1_000_000;
const FOUND_NOTHING =
  /^\W*(?:error:\s*)?(?:no (?:results?|matches|match|files?|items?|records?|rows?)\b|nothing found|0 results)/i;
const ERROR_START =
  /^\s*(?:\[?error\b(?![ -]?free)|traceback \(most recent call last\)|(?:[a-z_]+\.)*[a-z]*(?:error|exception):|fatal:|<error>|<tool_use_error>)/i;

function looksFailed(text: string, { content }: Observation): boolean {
  const start = text.slice(0, HEAD);
  if (FOUND_NOTHING.test(start)) return false;
  const [only] = content;
  if (!/^\s*\{/.test(text)) return ERROR_START.test(start);
  if (text.length > LONGEST_BODY) return false;
  // What was read as JSON need not be read again.
  return bodyFailed(only?.type === 'json' && content.length === 1 ? only.value : tryParse(text));
}

/** A JSON body that reports its own failure: a filled `error`, `success: false`, `ok: false`, `status: "error"`. */
function bodyFailed(body: Json | undefined): boolean {
  if (!isObject(body)) return false;
  if (field(body, 'success') === false || field(body, 'ok') === false) return true;
  const status = field(body, 'status');
  if (typeof status === 'string' && /^(?:error|failed|failure)$/i.test(status)) return true;
  const error = field(body, 'error');
  if (typeof error === 'string') return error.trim() !== '' && !FOUND_NOTHING.test(error);
  return isObject(error) ? Object.keys(error).length > 0 : error === true;
}

/** Programs whose exit code 1 is an answer ("no line matched", "they differ", "a test is red"), not a failure. */
const ANSWERS_WITH_ONE = new Set(
  'grep egrep fgrep rg ag diff cmp test [ [[ pgrep which command type pytest jest vitest mocha tox'.split(' '),
);
const RUNS_TESTS = /\b(?:pytest|unittest|(?:npm|yarn|pnpm|go|cargo|make|dotnet|mvn|gradle)(?:\s+run)?\s+\S*test)/;

function isAnswer(action: Action, code: number): boolean {
  if (code !== 1) return false;
  const command = shellCommandOf(action);
  if (command === undefined) return ANSWERS_WITH_ONE.has(action.tool.toLowerCase());
  const last = commandsOf(command).at(-1);
  if (last === undefined) return false;
  if (last.words[0] === 'git') return last.words.includes('diff') || last.words.includes('grep');
  return ANSWERS_WITH_ONE.has(last.words[0] ?? '') || RUNS_TESTS.test(last.words.join(' '));
}
