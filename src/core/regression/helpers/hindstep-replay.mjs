// hindstep-replay 2: what the regression tests beside this file need, and nothing else. Written by Hindstep; keep it
// with the tests. No dependencies. https://github.com/hindstep/hindstep
//
//   checkTrace(fixture, path)      judges a recorded run (HINDSTEP_TRACE names another file)
//   checkDecision(fixture, agent)  gives the agent the recorded beginning and judges what it does next
//   replay(fixture, agent)         runs the agent from the start; its tools answer from the recording
//
// An agent is a function: `agent({ goal, messages, tools, environment, callTool })`. It calls tools with
// `await callTool(name, args)` and answers its final text (or, for one decision, `{ tool, arguments }`). Nothing is called live, but for tools that
// only read, where the fixture says `"onMiss": "live"` and the test brings them: `replay(fixture, agent, { liveTools })`.
//
// All three answer `{ calls, finalText, problems }`; a test that passes has no problems.

import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// src/core/util/assertNever.ts
/** Ends an exhaustive `switch`: a new member of the union becomes a compile error here, and a thrown one at run time. */
function assertNever(value) {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}

// src/core/util/result.ts
/** Wraps a value as a success. */
function ok(value) {
  return {
    ok: true,
    value,
  };
}

/** Wraps a sentence (what, where, what to do next) as a failure. */
function err(error) {
  return {
    ok: false,
    error,
  };
}

/** The message of anything that was thrown. */
function messageOf$1(thrown) {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

// src/core/util/guardedRegExp.ts
/**
 * A pattern that somebody wrote into a file, as a RegExp that is looked for anywhere in a text. Refused with a sentence
 * when it is too long or could take exponential time.
 */
function guardedRegExp(pattern) {
  if (pattern.length > 300) return err(`The pattern is ${pattern.length} characters long; at most 300 are allowed.`);
  if (repeatsRepetition(pattern) || /\\[1-9]|\\k</.test(pattern))
    return err(
      `The pattern /${pattern}/ could take for ever: it repeats a repetition or refers back. Write it simpler.`,
    );
  try {
    return ok(new RegExp(pattern, 'u'));
  } catch (thrown) {
    return err(messageOf$1(thrown));
  }
}

/** A group with a quantifier or a choice inside, at any depth, and a quantifier without an end behind it: `(a+)+`, `(a|aa)*`. */
function repeatsRepetition(pattern) {
  /** Whether each group that is open holds something that can match in more ways than one. */
  const groups = [];
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern.charAt(i);
    if (character === '\\') i++;
    else if (character === '[') i = classEnd(pattern, i);
    else if (character === '(') {
      groups.push(false);
      if (pattern.charAt(i + 1) === '?') i++;
    } else if (character === ')') {
      const isOpen = groups.pop() ?? false;
      if (isOpen && /^(?:[*+]|\{\d+,(?:\d{2,})?\}|\{\d{2,}\})/.test(pattern.slice(i + 1, i + 12))) return true;
      if (isOpen && groups.length > 0) groups[groups.length - 1] = true;
    } else if (groups.length > 0 && (/[*+?|]/.test(character) || /^\{\d+,/.test(pattern.slice(i, i + 12))))
      groups[groups.length - 1] = true;
  }
  return false;
}

function classEnd(pattern, start) {
  for (let i = start + 1; i < pattern.length; i++)
    if (pattern.charAt(i) === '\\') i++;
    else if (pattern.charAt(i) === ']') return i;
  return pattern.length;
}

// src/core/util/json.ts
/** True for a JSON object (not null, not an array). */
function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value under an own key of an object, or undefined. Never walks the prototype chain (`__proto__` is data). */
function field(value, key) {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The value if it is a string, else undefined. */
function asText(value) {
  return typeof value === 'string' ? value : undefined;
}

/** The value if it is an array, else an empty one. */
function asArray(value) {
  return Array.isArray(value) ? value : [];
}

/** How any JSON text begins. */
const OPENING = /^[ \t\r\n]*(?:[[{"]|-?\d|true|false|null)/;
/** `JSON.parse` that answers undefined instead of throwing. */
function tryParse(text) {
  if (!OPENING.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return;
  }
}

// src/core/util/jsonText.ts
/**
 * The JSON text of a value as `JSON.stringify` gives it, but it stops at `max` characters (so a cell of a huge value
 * costs little) and never recurses (a trace may nest 20,000 deep, where `JSON.stringify` overflows the stack).
 * Members keep their order, or are sorted by UTF-16 code unit when `sorted`.
 */
function jsonText(value, max = Number.POSITIVE_INFINITY, sorted = false) {
  if (!sorted && isSmall(value, 0)) {
    const text = JSON.stringify(value);
    return text.length > max ? text.slice(0, max) : text;
  }
  const pieces = [];
  const stack = [];
  let length = 0;
  const write = (piece) => {
    pieces.push(piece);
    length += piece.length;
  };
  const begin = (node) => {
    if (typeof node !== 'object' || node === null) write(scalarText(node, max));
    else if (Array.isArray(node)) {
      write('[');
      stack.push({
        close: ']',
        rest: elements(node),
      });
    } else {
      write('{');
      stack.push({
        close: '}',
        rest: members(node, sorted),
      });
    }
  };
  begin(value);
  for (let top = stack.at(-1); top !== undefined && length < max; top = stack.at(-1)) {
    const next = top.rest.next();
    if (next.done === true) {
      write(top.close);
      stack.pop();
      continue;
    }
    write(next.value[0]);
    begin(next.value[1]);
  }
  const text = pieces.join('');
  return text.length > max ? text.slice(0, max) : text;
}

/** Members of a value, and characters of a text, up to which it is written in one go. */
const SMALL = {
  depth: 4,
  members: 16,
  text: 1e3,
};

function isSmall(value, depth) {
  if (typeof value === 'string') return value.length <= SMALL.text;
  if (typeof value !== 'object' || value === null) return true;
  if (depth === SMALL.depth) return false;
  const members = Array.isArray(value) ? value : Object.values(value);
  return members.length <= SMALL.members && members.every((member) => isSmall(member, depth + 1));
}

function* elements(array) {
  let before = '';
  for (const element of array) {
    yield [before, element];
    before = ',';
  }
}

function* members(object, sorted) {
  const keys = Object.keys(object);
  if (sorted) keys.sort();
  let before = '';
  for (const key of keys) {
    yield [`${before}${JSON.stringify(key)}:`, object[key] ?? null];
    before = ',';
  }
}

/** As `JSON.stringify` writes it (NaN and Infinity as null); of a long string only what `max` characters can show. */
function scalarText(value, max) {
  return JSON.stringify(typeof value === 'string' && value.length > max ? value.slice(0, max) : value);
}

// src/core/regression/sameJson.ts
/** Equal as JSON: the order of members does not matter, 1 and 1.0 are the same. */
function sameJson(a, b) {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  return jsonText(a, Number.POSITIVE_INFINITY, true) === jsonText(b, Number.POSITIVE_INFINITY, true);
}

/** True when every member (or element) of `part` is in `whole`. */
function containsJson(whole, part) {
  if (Array.isArray(part))
    return Array.isArray(whole) && part.every((one) => whole.some((other) => containsJson(other, one)));
  if (isObject(part))
    return Object.entries(part).every(([name, member]) => {
      const other = isObject(whole) && Object.hasOwn(whole, name) ? whole[name] : undefined;
      return other !== undefined && containsJson(other, member);
    });
  return sameJson(whole, part);
}

// src/core/regression/fitsSchema.ts
/** Keywords that only describe. */
const WORDS = ['$schema', '$id', '$comment', 'title', 'description', 'default', 'examples', 'format', 'deprecated'];

const numeric = (holds) => (wanted, value) =>
  typeof value !== 'number' || typeof wanted !== 'number' || holds(value, wanted);
const sized = (size, holds) => (wanted, value) => {
  const found = size(value);
  return found === undefined || typeof wanted !== 'number' || holds(found, wanted);
};

const lengthOf = (value) => (typeof value === 'string' ? [...value].length : undefined);
const elementsOf = (value) => (Array.isArray(value) ? value.length : undefined);
const membersOf = (value) => (isObject(value) ? Object.keys(value).length : undefined);
const atLeast = (found, wanted) => found >= wanted;
const atMost = (found, wanted) => found <= wanted;
/** The part of JSON Schema that arguments use. What is not in here is refused by `unknownKeyword`, not passed over. */
const CHECKS = {
  type: (wanted, value) => [wanted].flat().some((type) => isType(type, value)),
  enum: (wanted, value) => asArray(wanted).some((one) => sameJson(one, value)),
  const: (wanted, value) => sameJson(wanted, value),
  minimum: numeric(atLeast),
  maximum: numeric(atMost),
  exclusiveMinimum: numeric((value, wanted) => value > wanted),
  exclusiveMaximum: numeric((value, wanted) => value < wanted),
  minLength: sized(lengthOf, atLeast),
  maxLength: sized(lengthOf, atMost),
  minItems: sized(elementsOf, atLeast),
  maxItems: sized(elementsOf, atMost),
  minProperties: sized(membersOf, atLeast),
  maxProperties: sized(membersOf, atMost),
  pattern: (wanted, value) => {
    const pattern = guardedRegExp(String(wanted));
    return typeof value !== 'string' || (pattern.ok && pattern.value.test(value.slice(0, 1e4)));
  },
  items: (wanted, value) => !Array.isArray(value) || value.every((one) => fitsSchema(wanted, one)),
  required: (wanted, value) =>
    !isObject(value) || asArray(wanted).every((name) => typeof name === 'string' && Object.hasOwn(value, name)),
  properties: (wanted, value) =>
    !isObject(value) ||
    !isObject(wanted) ||
    Object.entries(wanted).every(([name, inner]) => {
      const member = field(value, name);
      return member === undefined || fitsSchema(inner, member);
    }),
  additionalProperties: (wanted, value, schema) =>
    !isObject(value) ||
    Object.entries(value).every(
      ([name, member]) => field(field(schema, 'properties'), name) !== undefined || fitsSchema(wanted, member),
    ),
  anyOf: (wanted, value) => asArray(wanted).some((one) => fitsSchema(one, value)),
  allOf: (wanted, value) => asArray(wanted).every((one) => fitsSchema(one, value)),
  oneOf: (wanted, value) => asArray(wanted).filter((one) => fitsSchema(one, value)).length === 1,
  not: (wanted, value) => !fitsSchema(wanted, value),
};

/** Keywords that hold schemas: one, a list of them, or some by name. */
const INNER = ['items', 'additionalProperties', 'not', 'anyOf', 'allOf', 'oneOf', 'properties'];

/** Whether a value fits a JSON Schema: `true`, `false`, or an object with the keywords above. */
function fitsSchema(schema, value) {
  if (!isObject(schema)) return schema !== false;
  return Object.entries(schema).every(([keyword, wanted]) => {
    const check = Object.hasOwn(CHECKS, keyword) ? CHECKS[keyword] : undefined;
    return check === undefined || check(wanted, value, schema);
  });
}

/** A keyword of a schema, at any depth, that is not understood here; undefined when all are. */
function unknownKeyword(schema) {
  if (!isObject(schema)) return undefined;
  for (const [keyword, wanted] of Object.entries(schema)) {
    if (!Object.hasOwn(CHECKS, keyword) && !WORDS.includes(keyword)) return keyword;
    if (!INNER.includes(keyword)) continue;
    const inner = Array.isArray(wanted)
      ? wanted
      : keyword === 'properties' && isObject(wanted)
        ? Object.values(wanted)
        : [wanted];
    for (const one of inner) {
      const unknown = unknownKeyword(one);
      if (unknown !== undefined) return unknown;
    }
  }
}

function isType(type, value) {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type && value !== null && typeof value !== 'object';
  }
}

// src/core/regression/matchers.ts
/** Whether a call's arguments are what is wanted. Arguments that the matcher does not name don't matter. */
function matchesArguments(wanted, got) {
  return Object.entries(wanted).every(([name, matcher]) =>
    matchesValue(matcher, Object.hasOwn(got, name) ? got[name] : undefined),
  );
}

/** Whether one argument is what is wanted; an absent one (undefined) is matched by `ignore` alone. */
function matchesValue(matcher, value) {
  if (value === undefined) return isMatcher(matcher) && matcher.$match === 'ignore';
  if (!isMatcher(matcher)) return sameJson(matcher, value);
  switch (matcher.$match) {
    case 'exact':
      return sameJson(matcher.value, value);
    case 'subset':
      return containsJson(matcher.value, value);
    case 'superset':
      return containsJson(value, matcher.value);
    case 'oneOf':
      return matcher.values.some((one) => sameJson(one, value));
    case 'schema':
      return fitsSchema(matcher.schema, value);
    case 'regex': {
      const pattern = guardedRegExp(matcher.pattern);
      return typeof value === 'string' && pattern.ok && pattern.value.test(value.slice(0, 1e4));
    }
    case 'number': {
      const number = numberIn(value);
      return number !== undefined && Math.abs(number - matcher.value) <= matcher.tolerance;
    }
    case 'ignore':
      return true;
    default:
      return assertNever(matcher);
  }
}

/** True when a value of an arguments matcher is a matcher and not a bare value. */
function isMatcher(value) {
  return matcherProblem(value) === undefined && isObject(value) && '$match' in value;
}

/** What is wrong with a value that says it is a matcher, to follow "The matcher of x"; undefined when nothing is. */
function matcherProblem(value) {
  if (!isObject(value) || !Object.hasOwn(value, '$match')) return undefined;
  const kind = value.$match;
  switch (kind) {
    case 'exact':
    case 'subset':
    case 'superset':
      return value.value === undefined ? 'has no value' : undefined;
    case 'oneOf':
      return Array.isArray(value.values) ? undefined : 'has no list of values';
    case 'schema': {
      if (!isObject(value.schema)) return 'has no schema';
      const unknown = unknownKeyword(value.schema);
      return unknown === undefined ? undefined : `has a schema with "${unknown}", which is not understood`;
    }
    case 'regex':
      if (typeof value.pattern !== 'string') return 'has no pattern';
      return guardedRegExp(value.pattern).ok ? undefined : 'has a pattern that is broken or could take for ever';
    case 'number':
      return typeof value.value === 'number' && typeof value.tolerance === 'number'
        ? undefined
        : 'needs a value and a tolerance';
    case 'ignore':
      return;
    default:
      return `is "${String(kind)}", which is no matcher`;
  }
}

/** A number, or a text that is one as JSON writes it. */
function numberIn(value) {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^ *[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)? *$/.test(value)
    ? Number(value)
    : undefined;
}

// src/core/util/pointer.ts
/** One part of a JSON pointer as RFC 6901 section 3 writes it. */
function escapePointerPart(part) {
  return String(part).replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The parts of a JSON pointer, all as strings. */
function pointerParts(pointer) {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

// src/core/regression/volatile.ts
/** The arguments without what the pointers point at. */
function withoutVolatile(args, pointers) {
  return pointers.reduce((left, pointer) => {
    const kept = without(left, pointerParts(pointer));
    return isObject(kept) ? kept : left;
  }, args);
}

function without(value, [part, ...rest]) {
  if (part === undefined) return value;
  if (Array.isArray(value)) return value.map((element, i) => (String(i) === part ? without(element, rest) : element));
  if (!isObject(value) || !Object.hasOwn(value, part)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      name !== part ? [[name, member]] : rest.length === 0 ? [] : [[name, without(member, rest)]],
    ),
  );
}

// src/core/regression/words.ts
/** A wanted call's arguments in words: ` with order_id A-1042, amount number 20 ± 0.5`. */
function described(args) {
  const named = Object.entries(args).map(([name, matcher]) => {
    if (!isMatcher(matcher)) return `${name} ${brief(matcher)}`;
    const { $match, ...rest } = matcher;
    return `${name} ${$match} ${Object.values(rest).map(brief).join(' ± ')}`.trimEnd();
  });
  return named.length === 0 ? '' : ` with ${named.join(', ')}`;
}

/** A call in words: `cancel_order({"order_id":"A-1042"})`. */
function shown({ tool, arguments: args }) {
  return `${tool}(${brief(args)})`;
}

/** A value in at most 120 characters. */
function brief(value) {
  const text = typeof value === 'string' ? value : jsonText(value);
  const characters = [...text.slice(0, 300)];
  return characters.length > 120 ? `${characters.slice(0, 119).join('')}…` : text;
}

/** `once`, `2 times`. */
function times(count) {
  return count === 1 ? 'once' : `${count} times`;
}

// src/core/regression/judge.ts
/**
 * What a run does against the expectations: one sentence each, `[]` when all hold. They are those of the replay helpers,
 * letter by letter: by them a proof tells that a test is red for the stated reason.
 */
function judgeCalls({ expect, volatile }, run) {
  return expect.flatMap((expectation) => judgeOne(expectation, run, volatile));
}

/** What a run does against one expectation. */
function judgeOne(expectation, run, volatile) {
  const { calls, finalText, steps = calls.length + 1 } = run;
  switch (expectation.kind) {
    case 'mustCall':
      return judgeMustCall(expectation, calls);
    case 'mustNotCall': {
      const { tool, arguments: args, count = 0 } = expectation;
      const often = count === 0 ? '' : ` more than ${times(count)}`;
      const what = `must not call ${tool}${described(args)}${inOrderWords(expectation)}${often}`;
      return inOrder(expectation, calls)
        .slice(count)
        .map((i) => `${what}: call ${i + 1} did`);
    }
    case 'mustAskBefore':
      return calls.flatMap(({ tool, asked }, i) =>
        tool === expectation.tool && asked !== true ? [`must ask before it calls ${tool}: call ${i + 1} did not`] : [],
      );
    case 'finalMustNotClaim':
      return plain$1(finalText).includes(plain$1(expectation.claim))
        ? [`must not claim "${expectation.claim}" at the end`]
        : [];
    case 'maxSteps':
      return steps > expectation.count ? [`must end within ${expectation.count} steps, took ${steps}`] : [];
    case 'maxRepeats': {
      const { tool, count } = expectation;
      const repeats = repeatsOf(tool, calls, volatile);
      return repeats > count ? [`must not repeat ${tool} more than ${times(count)}, did ${times(repeats)}`] : [];
    }
    case 'evaluator': {
      const { id, status } = expectation;
      const said = run.verdicts !== undefined && Object.hasOwn(run.verdicts, id) ? run.verdicts[id] : undefined;
      if (said === status) return [];
      return [`${id} must say ${status}: it ${said === undefined ? 'could not be asked' : `says ${said}`}`];
    }
    default:
      return assertNever(expectation);
  }
}

function judgeMustCall(expectation, calls) {
  const { tool, arguments: args, count } = expectation;
  const found = inOrder(expectation, calls);
  if (count === undefined ? found.length > 0 : found.length === count) return [];
  const often = count === undefined ? '' : ` ${times(count)}`;
  return [`must call ${tool}${described(args)}${inOrderWords(expectation)}${often}: ${made(calls, found)}`];
}

/** Positions of the calls that an expectation speaks of, where they stand as it says. */
function inOrder({ tool, arguments: args, before, after }, calls) {
  const calledBefore = (other, i) => calls.slice(0, i).some((call) => call.tool === other);
  return matching(tool, args, calls).filter(
    (i) => (before === undefined || !calledBefore(before, i)) && (after === undefined || calledBefore(after, i)),
  );
}

function inOrderWords({ before, after }) {
  return `${before === undefined ? '' : ` before ${before}`}${after === undefined ? '' : ` after ${after}`}`;
}

/** Positions of the calls of a tool with such arguments. */
function matching(tool, args, calls) {
  return calls.flatMap((call, i) => (call.tool === tool && matchesArguments(args, call.arguments) ? [i] : []));
}

/** How many calls of a tool are equal to an earlier one, but for volatile arguments. */
function repeatsOf(tool, calls, volatile) {
  const all = calls.filter((call) => call.tool === tool).map((call) => withoutVolatile(call.arguments, volatile));
  return all.filter((args, i) => all.slice(0, i).some((earlier) => sameJson(earlier, args))).length;
}

function made(calls, found) {
  if (found.length > 0) return `it was called ${times(found.length)}`;
  return calls.length === 0 ? 'no tool was called' : `the calls were ${calls.map(shown).join('; ')}`;
}

/** As people compare words: whatever the case and the spaces. */
function plain$1(text) {
  return text.toLowerCase().replace(/\s+/g, ' ').trim();
}

// src/core/regression/replay/differences.ts
/** Places that are looked into this deep; below, values differ as a whole. */
const DEEPEST = 8;
/** Where a call differs from a recorded one, in words: `/order_id: A123, got A124`. */
function differences(recorded, made, pointer = '', depth = 0) {
  if (recorded !== undefined && made !== undefined && sameJson(recorded, made)) return [];
  if (depth < DEEPEST && isObject(recorded) && isObject(made))
    return [...new Set([...Object.keys(recorded), ...Object.keys(made)])].flatMap((name) => {
      const [before, now] = [own(recorded, name), own(made, name)];
      return differences(before, now, `${pointer}/${escapePointerPart(name)}`, depth + 1);
    });
  if (depth < DEEPEST && Array.isArray(recorded) && Array.isArray(made) && recorded.length === made.length)
    return recorded.flatMap((one, i) => differences(one, made[i], `${pointer}/${i}`, depth + 1));
  return [`${pointer || '/'}: ${words(recorded)}, got ${words(made)}`];
}

function own(object, name) {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function words(value) {
  return value === undefined ? 'nothing' : brief(value);
}

// src/core/regression/replay/recordedAnswers.ts
/**
 * Finds the recorded call that a call repeats. Each answers once, equal ones in the order in which they were made; in
 * sequential order only those whose turn it is, where calls that were made at once may come in any order.
 */
var RecordedAnswers = class {
  fixture;
  used = new Set();
  constructor(fixture) {
    this.fixture = fixture;
  }
  /** Whether all calls before the failing decision were made again. */
  get reachedDecision() {
    return this.fixture.recording.slice(0, this.fixture.failure.position).every((_one, i) => this.used.has(i));
  }
  match(call) {
    const { recording, expect } = this.fixture;
    const open = this.openEntries();
    const equal = open.find((i) => this.isEqual(recording[i], call));
    const isCorrection = expect.some(
      (one) => one.kind === 'mustCall' && one.tool === call.tool && matchesArguments(one.arguments, call.arguments),
    );
    if (equal === undefined && isCorrection) return { kind: 'corrected' };
    const entry = equal ?? open.find((i) => isLike(recording[i], call));
    const recorded = entry === undefined ? undefined : recording[entry];
    if (entry === undefined || recorded === undefined) return this.missing(call);
    this.used.add(entry);
    return {
      kind: 'recorded',
      entry,
      recorded,
    };
  }
  /** Entries that may answer now. */
  openEntries() {
    const { recording } = this.fixture;
    const unused = recording.flatMap((_one, i) => (this.used.has(i) ? [] : [i]));
    const due = this.due();
    if (due === undefined) return unused;
    const step = recording[due]?.step;
    return step === undefined ? [due] : unused.filter((i) => recording[i]?.step === step);
  }
  /** In sequential order, the entry whose turn it is. Behind the decision under test a run may go another way. */
  due() {
    const { recording, order, failure } = this.fixture;
    if (order !== 'sequential') return undefined;
    const next = recording.findIndex((_one, i) => !this.used.has(i));
    return next >= 0 && next < failure.position ? next : undefined;
  }
  isEqual(recorded, { tool, arguments: args }) {
    const { volatile } = this.fixture;
    return (
      recorded?.tool === tool &&
      sameJson(withoutVolatile(recorded.arguments, volatile), withoutVolatile(args, volatile))
    );
  }
  missing(call) {
    const { recording } = this.fixture;
    const left = `the run left the recording: ${shown(call)}`;
    const due = this.due();
    const dueCall = due === undefined ? undefined : recording[due];
    if (due !== undefined && dueCall !== undefined)
      return {
        kind: 'missing',
        sentence: `${left} came where call ${due + 1} was ${shown(dueCall)}.`,
        nearest: due,
      };
    const equal = recording.filter((recorded) => this.isEqual(recorded, call)).length;
    if (equal > 0)
      return {
        kind: 'missing',
        sentence: `${left} was recorded ${times(equal)} and is made once more.`,
      };
    const nearest = this.nearest(call);
    if (nearest === undefined)
      return {
        kind: 'missing',
        sentence: `${left} was not recorded.`,
      };
    return {
      kind: 'missing',
      sentence: `${left} was not recorded; ${`recorded call ${nearest.entry + 1} differs in ${nearest.differs.slice(0, 3).join(', ')}`}.`,
      nearest: nearest.entry,
    };
  }
  /** The recorded call of the tool that differs in the fewest places; of several one that has not answered yet. */
  nearest({ tool, arguments: args }) {
    const { recording, volatile } = this.fixture;
    const strip = (one) => withoutVolatile(one, volatile);
    const [best] = recording
      .flatMap((recorded, entry) =>
        recorded.tool === tool
          ? [
              {
                entry,
                differs: differences(strip(recorded.arguments), strip(args)),
              },
            ]
          : [],
      )
      .sort(
        (a, b) =>
          a.differs.length - b.differs.length || Number(this.used.has(a.entry)) - Number(this.used.has(b.entry)),
      );
    return best;
  }
};

function isLike(recorded, { tool, arguments: args }) {
  return recorded?.match !== undefined && recorded.tool === tool && matchesArguments(recorded.match, args);
}

/** What a call gets that is the correction: nothing is known of its answer but that it was made. */
const CORRECTED = { status: 'ok' };

// src/core/regression/replay/replaySession.ts
var ReplaySession = class {
  fixture;
  variation;
  goal;
  tools;
  calls = [];
  transcript;
  laterWords;
  answers;
  finalText = '';
  divergence;
  constructor(fixture, variation = {}) {
    this.fixture = fixture;
    this.variation = variation;
    const recorded = variation.messages?.(fixture.messages) ?? fixture.messages;
    const first = recorded.findIndex(({ role }) => role === 'user') + 1;
    this.goal = fixture.goal;
    this.tools = fixture.tools;
    this.transcript = recorded.slice(0, first);
    this.laterWords = recorded.slice(first).filter(({ role }) => role === 'user');
    this.answers = new RecordedAnswers(fixture);
  }
  /** The conversation so far. */
  get messages() {
    return this.transcript;
  }
  /** Why the run was ended; undefined while it goes on. */
  get ended() {
    return this.divergence?.sentence;
  }
  /** A tool call of the agent. */
  call(tool, args) {
    if (this.divergence !== undefined)
      return {
        kind: 'ended',
        sentence: this.divergence.sentence,
      };
    const call = {
      tool,
      arguments: args,
      asked: askedBefore(this.transcript),
    };
    this.calls.push(call);
    const match = this.answers.match(call);
    switch (match.kind) {
      case 'recorded': {
        const { recorded, entry } = match;
        return this.answered(call, this.variation.answer?.(recorded, entry) ?? recorded);
      }
      case 'corrected':
        return this.answered(call, {
          observation: CORRECTED,
          isError: false,
        });
      case 'missing':
        return this.missed(call, match.sentence, match.nearest);
    }
  }
  /** A text of the agent with no call in it: its final answer, unless the recorded user goes on. */
  say(text) {
    this.finalText = text;
    const next = this.divergence === undefined ? this.laterWords.shift() : undefined;
    this.transcript.push({
      role: 'assistant',
      content: text,
    });
    if (next === undefined) return false;
    this.transcript.push(next);
    return true;
  }
  /** What was done against what must hold. A run that left the recording before the decision under test never holds. */
  judgement(more = {}) {
    const { calls, finalText, divergence } = this;
    const problems = judgeCalls(this.fixture, {
      calls,
      finalText,
      ...more,
    });
    return {
      calls,
      finalText,
      problems:
        divergence !== undefined && (problems.length > 0 || !this.answers.reachedDecision)
          ? [divergence.sentence, ...problems]
          : problems,
      ...(divergence !== undefined && { divergence }),
    };
  }
  answered(call, { observation, isError }) {
    this.tell(call, observation);
    return {
      kind: 'answered',
      observation,
      isError,
    };
  }
  missed(call, sentence, nearest) {
    switch (this.fixture.onMiss) {
      case 'not-found':
        return this.answered(call, {
          observation: { error: 'not found' },
          isError: true,
        });
      case 'live':
        if (mayBeLive(this.fixture, call.tool))
          return {
            kind: 'live',
            call,
            answer: (observation) => this.tell(call, observation),
          };
        return this.end(
          call,
          `${sentence} It is not called live, because ${call.tool} is not known to only read.`,
          nearest,
        );
      case 'error':
        return this.end(call, sentence, nearest);
    }
  }
  /** Ends the run at a call that should be answered live, where there is no live tool. */
  endWithoutTool(call) {
    return this.end(call, `${call.tool} was not recorded like this, and the test has no live tool of this name.`);
  }
  end(call, sentence, nearest) {
    this.divergence ??= {
      sentence,
      call,
      ...(nearest !== undefined && { nearest }),
    };
    return {
      kind: 'ended',
      sentence: this.divergence.sentence,
    };
  }
  tell(call, observation) {
    const { tool, arguments: args } = call;
    const id = `call-${this.calls.indexOf(call) + 1}`;
    const content = typeof observation === 'string' ? observation : JSON.stringify(observation);
    this.transcript.push({
      role: 'assistant',
      content: '',
      toolCalls: [
        {
          id,
          name: tool,
          arguments: args,
        },
      ],
    });
    this.transcript.push({
      role: 'tool',
      toolCallId: id,
      content,
    });
  }
};

/** A tool may be called for real only when all that is known of it is that it reads. */
function mayBeLive({ recording, tools }, tool) {
  const effects = [
    ...recording.filter((recorded) => recorded.tool === tool),
    ...tools.filter(({ name }) => name === tool),
  ].map(({ effect }) => effect);
  return effects.includes('read') && effects.every((effect) => effect === undefined || effect === 'read');
}

/** Whether the user has spoken after a text of the agent. */
function askedBefore(messages) {
  const spoke = messages.findIndex(({ role, content }) => role === 'assistant' && content.trim() !== '');
  return spoke >= 0 && messages.slice(spoke).some(({ role }) => role === 'user');
}

// src/core/regression/replay/script.ts
/** Whether a value is the name of one. */
function isScriptName(name) {
  return name === 'recorded' || name === 'corrected' || name === 'undone';
}

/** A run of the proof as a script. In a decision-point only the decision itself is played. */
function scriptOf(fixture, name) {
  const { failure, correction, recording, mode } = fixture;
  const decision = name === 'corrected' ? correction : failure;
  const texts = mode === 'decision-point' ? [] : textsBefore(fixture);
  const last = texts.length;
  const before = recording.slice(0, failure.position);
  return {
    calls: (mode === 'decision-point'
      ? decision.calls
      : name === 'recorded'
        ? recording
        : [
            ...before,
            ...decision.calls.map((call) => ({
              ...call,
              turn: last,
            })),
          ]
    ).map(({ tool, arguments: args, turn = 0 }) => ({
      tool,
      arguments: args,
      turn: Math.min(turn, last),
    })),
    texts,
    finalText: decision.message ?? '',
  };
}

/** What the agent said before each thing that the user said beside the goal. */
function textsBefore({ messages }) {
  const first = messages.findIndex(({ role }) => role === 'user');
  return messages.flatMap(({ role }, i) => {
    const said = messages[i - 1];
    return role === 'user' && i > first ? [said?.role === 'assistant' ? said.content : ''] : [];
  });
}

/** A script as a run to be judged by itself. */
function judgedRunOf({ calls, texts, ...rest }) {
  const asked = (turn) => texts.slice(0, turn).some((text) => text.trim() !== '');
  return {
    ...rest,
    calls: calls.map(({ turn, ...call }) => ({
      ...call,
      asked: asked(turn),
    })),
  };
}

// src/core/regression/fixtureShape.ts
const TEXT = 'a text';
const NUMBER = 'a number';
const OBJECT = 'an object';
const THERE = 'there';
/** What stands where in a fixture: `*` is every element of a list, `?` may be absent. The Python helper has the same table. */
const SHAPES = [
  ['goal', TEXT],
  ['messages/*', OBJECT],
  ['messages/*/role', 'system, user, assistant or tool'],
  ['messages/*/content', TEXT],
  ['tools/*', OBJECT],
  ['tools/*/name', TEXT],
  ['environment?', OBJECT],
  ['recording/*/isError?', 'true or false'],
  ['recording/*/observation', THERE],
  ['failure/position', NUMBER],
  ['failure/calls/*', OBJECT],
  ['failure/calls/*/tool', TEXT],
  ['failure/calls/*/arguments', OBJECT],
  ['failure/message?', TEXT],
  ['correction/calls/*', OBJECT],
  ['correction/calls/*/tool', TEXT],
  ['correction/calls/*/arguments', OBJECT],
  ['correction/message?', TEXT],
  ['expect/*/tool?', TEXT],
  ['expect/*/claim?', TEXT],
  ['expect/*/count?', NUMBER],
  ['variants?/*', OBJECT],
  ['variants?/*/id', TEXT],
  ['variants?/*/changes', OBJECT],
  ['volatile/*', TEXT],
];

/** What is not of the shape that it should be, by its JSON pointer: a sentence, or undefined. */
function shapeProblem(fixture) {
  for (const [place, shape] of SHAPES) {
    const pointer = misfit(fixture, place.split('/'), shape, '');
    if (pointer !== undefined) return `${pointer} must be ${shape}.`;
  }
}

/** The pointer of the first value at a place that has not the shape. */
function misfit(value, parts, shape, pointer) {
  const [part, ...rest] = parts;
  if (part === undefined) return fits(value, shape) ? undefined : pointer;
  if (part === '*') {
    const all = Array.isArray(value) ? value : [];
    for (const [i, one] of all.entries()) {
      const found = misfit(one, rest, shape, `${pointer}/${i}`);
      if (found !== undefined) return found;
    }
    return;
  }
  const name = part.replace('?', '');
  const member = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  if (member === undefined) return part === name ? `${pointer}/${[name, ...rest].join('/')}` : undefined;
  return misfit(member, rest, shape, `${pointer}/${name}`);
}

function fits(value, shape) {
  if (shape === TEXT) return typeof value === 'string';
  if (shape === NUMBER) return typeof value === 'number';
  if (shape === OBJECT) return isObject(value);
  if (shape === THERE) return true;
  if (shape === 'true or false') return typeof value === 'boolean';
  return typeof value === 'string' && shape.split(/, | or /).includes(value);
}

// src/core/regression/fixtureProblem.ts
const KINDS = ['mustCall', 'mustNotCall', 'mustAskBefore', 'finalMustNotClaim', 'maxSteps', 'maxRepeats', 'evaluator'];

/**
 * Why a fixture that was read from a file can't be used: a sentence, or undefined when it can. Somebody may have edited it,
 * or another version of Hindstep may have written it. What is not understood is never passed over: a test that leaves an
 * assertion out is green for no reason.
 */
function fixtureProblem(fixture) {
  if (!isObject(fixture)) return 'this is no fixture: it is not a JSON object.';
  if (isNewer(fixture.schemaVersion, 2) || isNewer(fixture.normaliserVersion, 1))
    return 'this fixture was made by a newer version of Hindstep; update it here, or make the test again with it.';
  if (fixture.schemaVersion !== 2 || fixture.normaliserVersion !== 1)
    return 'this fixture was made by another version of Hindstep; make it again ("re-record").';
  const missing = ['messages', 'tools', 'recording', 'expect', 'volatile'].find(
    (name) => !Array.isArray(field(fixture, name)),
  );
  if (missing !== undefined) return `this fixture has no list of ${missing}.`;
  const decision = ['failure', 'correction'].find((name) => !Array.isArray(field(field(fixture, name), 'calls')));
  if (decision !== undefined) return `this fixture has no calls in its ${decision}.`;
  return (
    unknownChoice(given(fixture, 'onMiss', 'error'), 'onMiss', ['error', 'not-found', 'live']) ??
    unknownChoice(given(fixture, 'order', 'by-hash'), 'order', ['by-hash', 'sequential']) ??
    asArray(fixture.recording)
      .map((recorded, i) => recordingProblem(recorded, `recorded call ${i + 1}`))
      .find((problem) => problem !== undefined) ??
    asArray(fixture.expect)
      .map((expectation, i) => expectationProblem(expectation, `expectation ${i + 1}`))
      .find((problem) => problem !== undefined) ??
    shapeProblem(fixture)
  );
}

function isNewer(version, known) {
  return typeof version === 'number' && version > known;
}

/** A member, or what is meant where it is absent; `null` is a value of its own. */
function given(value, name, absent) {
  const member = field(value, name);
  return member === undefined ? absent : member;
}

function unknownChoice(value, name, choices) {
  if (typeof value === 'string' && choices.includes(value)) return undefined;
  return `${name} is ${JSON.stringify(value)}; it may be ${choices.join(', ')}.`;
}

function recordingProblem(recorded, name) {
  if (typeof field(recorded, 'tool') !== 'string' || !isObject(field(recorded, 'arguments')))
    return `${name} needs a tool and arguments.`;
  return matchersProblem(given(recorded, 'match', {}), name);
}

function expectationProblem(expectation, name) {
  const kind = field(expectation, 'kind');
  if (typeof kind !== 'string' || !KINDS.includes(kind))
    return `${name} is "${typeof kind === 'string' || kind === undefined ? kind : JSON.stringify(kind)}", which this version does not know; make the test again with a newer Hindstep.`;
  return matchersProblem(
    given(expectation, 'arguments', kind === 'mustCall' || kind === 'mustNotCall' ? null : {}),
    name,
  );
}

function matchersProblem(args, name) {
  if (!isObject(args)) return `${name} needs arguments by name.`;
  for (const [argument, matcher] of Object.entries(args)) {
    const problem = matcherProblem(matcher);
    if (problem !== undefined) return `the matcher of ${argument} in ${name} ${problem}.`;
  }
}

// src/core/regression/upgrades/from1To2.ts
/**
 * Version 2 knows when a recorded call was made: after which words of the user. Version 1 played all of them before the user
 * spoke again, and the messages tell better. Version 2 may also ask for an order, forbid calls in a place, or let a call
 * answer others that are like it, which a helper of version 1 would pass over without a word: that is why it is another
 * version. What is not of the right shape is left as it is.
 */
function from1To2(fixture) {
  const messages = asArray(fixture.messages);
  return {
    ...fixture,
    schemaVersion: 2,
    ...(Array.isArray(fixture.recording) && turns(messages, fixture.recording)),
  };
}

function turns(messages, recording) {
  const made = [];
  let turn = -1;
  for (const message of messages) {
    if (field(message, 'role') === 'user') turn++;
    for (const call of asArray(field(message, 'toolCalls'))) {
      const name = asText(field(call, 'name'));
      const at = recording.findIndex((one, i) => i >= made.length && name !== undefined && field(one, 'tool') === name);
      for (let i = made.length; i <= at; i++) made.push(turn);
    }
  }
  return {
    recording: recording.map((recorded, i) => {
      const known = made[i] ?? turn;
      return isObject(recorded) && known > 0
        ? {
            turn: known,
            ...recorded,
          }
        : recorded;
    }),
  };
}

// src/core/regression/upgrades/asFixture.ts
/** Each takes a fixture from its version to the next, in order; the first is for version 1. */
const STEPS = [from1To2];
/**
 * What was read from a fixture's file as a fixture of this version, upgraded step by step. The error is a sentence: a newer
 * file is refused, as are those that somebody edited into nonsense.
 */
function asFixture(read) {
  let fixture = read;
  for (const [i, step] of STEPS.entries())
    if (isObject(fixture) && fixture.schemaVersion === i + 1) fixture = step(fixture);
  const problem = fixtureProblem(fixture);
  return problem === undefined ? ok(fixture) : err(problem);
}

// src/core/regression/variants/harder.ts
/** A fixture as one of its variants has it. Tests play it like any other. An error sentence for one that it has not. */
function harder(fixture, id) {
  const { variants = [] } = fixture;
  const variant = variants.find((one) => one.id === id);
  if (variant === undefined)
    return err(
      `this fixture has no variant "${id}"; it has: ${variants.length === 0 ? 'none' : variants.map((one) => one.id).join(', ')}.`,
    );
  const { goal, messages, recording, expect } = variant.changes;
  const changed = {
    ...fixture,
    goal,
    messages,
    recording,
    expect,
    onMiss: 'not-found',
    order: 'by-hash',
  };
  const problem = fixtureProblem(changed);
  return problem === undefined ? ok(changed) : err(`its variant "${id}": ${problem}`);
}

// src/node/regression/replayHelper/agent.ts
/** The tool calls that an agent answers instead of making them: one, or a message with several. */
function callsOf(answer) {
  const tool = asText(field(answer, 'tool'));
  if (tool !== undefined)
    return [
      {
        tool,
        arguments: argumentsOf(field(answer, 'arguments')),
      },
    ];
  return asArray(field(answer, 'toolCalls') ?? field(answer, 'tool_calls')).map((call) => {
    const made = field(call, 'function') ?? call;
    return {
      tool: String(field(made, 'tool') ?? field(made, 'name')),
      arguments: argumentsOf(field(made, 'arguments')),
    };
  });
}

/** What an agent says with its answer. */
function textOf(answer) {
  return typeof answer === 'string' ? answer : wordsOf(field(answer, 'content') ?? field(answer, 'finalText'));
}

/** Arguments as JSON sees them, so that later changes by the agent change nothing here; a text is read as JSON. */
function argumentsOf(args) {
  const value = typeof args === 'string' ? tryParse(args) : plain(args ?? {});
  return isObject(value) ? value : {};
}

/** A copy as JSON sees it. */
function plain(value) {
  return JSON.parse(JSON.stringify(value) ?? 'null');
}

/** The text of a message's content: as it is, or its parts' texts one below the other. */
function wordsOf(content) {
  if (Array.isArray(content)) return content.map((part) => asText(field(part, 'text')) ?? '').join('\n');
  return asText(content) ?? '';
}

// src/node/regression/replayHelper/end.ts
/** Ends an agent's run from inside its tool call, also when the agent catches all that is thrown. */
var End = class {
  reached = false;
  resolve = () => {};
  end = new Promise((resolve) => {
    this.resolve = resolve;
  });
  /** Throws, so that the agent can clean up; for an agent that goes on all the same there is never an answer. */
  stop(sentence) {
    if (this.reached) return new Promise(() => {});
    this.reached = true;
    this.resolve();
    throw new Error(`hindstep: ${sentence}`);
  }
  /** What the work answers; undefined when the end comes first. */
  async orResult(work) {
    const running = (async () => work())().then(
      (value) => ({ value }),
      (thrown) => ({ thrown }),
    );
    const result = await Promise.race([running, this.end]);
    if (this.reached || result === undefined) return undefined;
    if ('thrown' in result) throw result.thrown;
    return result.value;
  }
};

// src/node/regression/replayHelper/readTrace.ts
/** The runs of a trace: OpenAI chat messages and ATIF are read here, all else through `hindstep`. */
function readTrace(path) {
  let text;
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
    if (conversations.every((messages) => messages.length > 0 && messages.every(isMessage)))
      return conversations.map(readMessages);
    const isAtif = (one) => /^ATIF-/.test(String(field(one, 'schema_version'))) && Array.isArray(field(one, 'steps'));
    if (all.every(isAtif)) return all.map((one) => readAtif(asArray(field(one, 'steps'))));
  }
  return readThroughHindstep(path);
}

/** Of several runs in a file, those that were asked the same. A redacted word of the goal may be any. */
function sameTask(messages, runs, path) {
  if (runs.length === 1) return [...runs];
  const same = runs.filter((run) => isSameTask(messages, run.goal));
  if (same.length > 0) return same;
  throw new Error(`hindstep: ${path} has ${runs.length} runs, and none of them was asked what this test is about.`);
}

/** Whether a goal is the one of the recorded messages, in which redacted words may be any. */
function isSameTask(messages, asked) {
  const parts = wordsOf(messages.find(({ role }) => role === 'user')?.content)
    .split(/<[A-Z][A-Z_]*_\d+>/)
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`, 's').test(asked);
}

function isMessage(value) {
  return typeof field(value, 'role') === 'string';
}

function parseDocuments(text) {
  const whole = tryParse(text);
  if (whole !== undefined) return [whole];
  const parsed = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(tryParse);
  return parsed.every((one) => one !== undefined) ? parsed : [];
}

/** Adds up what was done: `user`, `say` and `call` in order. A call was asked for when the user spoke after the agent. */
var Collected = class {
  calls = [];
  finalText = '';
  steps = 0;
  goal = '';
  spoke = false;
  said = false;
  asked = false;
  user(text) {
    if (!this.spoke) this.goal = text;
    this.spoke = true;
    this.asked = this.said;
  }
  say(text) {
    this.steps++;
    this.finalText = text;
    if (text.trim() !== '') this.said = true;
  }
  call(tool, args) {
    this.calls.push({
      tool: String(tool),
      arguments: argumentsOf(args),
      asked: this.asked,
    });
  }
};

function readAtif(steps) {
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

function readMessages(messages) {
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

function readThroughHindstep(path) {
  const output = runHindstep(['steps', path, '--json']);
  if (output === undefined)
    throw new Error(
      `hindstep: ${path} is neither chat messages nor ATIF, and "hindstep" is not on the PATH to read it.`,
    );
  const runs = new Map();
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
function runHindstep(args) {
  const command = asText(process.env.HINDSTEP_CLI);
  const [program, first] = command ? [process.execPath, [command]] : ['hindstep', []];
  try {
    return execFileSync(program, [...first, ...args], {
      encoding: 'utf8',
      maxBuffer: 1 << 30,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch (thrown) {
    const [status, stdout] = [thrown.status, thrown.stdout];
    return status === 1 && typeof stdout === 'string' ? stdout : undefined;
  }
}

// src/node/regression/replayHelper/results.ts
/** Where each fixture was read from. */
const places = new WeakMap();
/** Reads a fixture with `read`, and keeps where from. */
function readFrom(url, read) {
  const place = url instanceof URL ? fileURLToPath(url) : url;
  try {
    const fixture = read();
    places.set(fixture, place);
    return fixture;
  } catch (thrown) {
    write(place, { error: messageOf(thrown) });
    throw thrown;
  }
}

/** Under HINDSTEP_RESULTS what came of a fixture is written into that folder, for `hindstep test` and the editor. */
async function reported(fixture, work) {
  try {
    const { calls, finalText, problems, messages } = await work();
    write(places.get(fixture), {
      calls,
      finalText,
      problems,
      messages,
    });
    return {
      calls,
      finalText,
      problems,
    };
  } catch (thrown) {
    write(places.get(fixture), { error: messageOf(thrown) });
    throw thrown;
  }
}

function write(fixture, result) {
  const folder = process.env.HINDSTEP_RESULTS;
  if (!folder || fixture === undefined) return;
  writeFileSync(
    join(folder, `${randomUUID()}.json`),
    JSON.stringify({
      fixture,
      ...result,
    }),
  );
}

function messageOf(thrown) {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

// src/node/regression/replayHelper/main.ts
/** Of the helper: a newer one replaces an older one beside tests. */
const VERSION = 2;
/** Reads a fixture beside the test. */
function readFixture(url) {
  return readFrom(url, () => {
    const fixture = asFixture(tryParse(readFileSync(url, 'utf8')));
    if (!fixture.ok) throw new Error(`hindstep: ${fixture.error}`);
    return fixture.value;
  });
}

/** Judges the calls and the final text of a recorded run. */
function checkTrace(fixture, path) {
  return reported(fixture, () => traceChecked(fixture, path));
}

async function traceChecked(fixture, path) {
  const played = await proof(
    {
      ...fixture,
      mode: 'trace-check',
    },
    async (script) => judged(fixture, judgedRunOf(script), messagesOf(fixture, script)),
  );
  if (played !== undefined) return played;
  const trace = process.env.HINDSTEP_TRACE || (path instanceof URL ? fileURLToPath(path) : path);
  const runs = readTrace(trace);
  const verdicts = wantsVerdicts(fixture) ? verdictsOf(trace) : [];
  const checked = sameTask(fixture.messages, runs, trace).map((run) =>
    judged(fixture, {
      ...run,
      verdicts: verdicts[runs.indexOf(run)] ?? {},
    }),
  );
  return {
    calls: [],
    finalText: '',
    ...checked[0],
    problems: checked.flatMap(({ problems }) => problems),
  };
}

/**
 * Judges the one decision that the agent makes after the recorded beginning: its first call, all calls that it makes at
 * once, or its answer. Nothing it calls is answered.
 */
function checkDecision(fixture, agent) {
  return reported(
    fixture,
    async () =>
      (await proof(
        {
          ...fixture,
          mode: 'decision-point',
        },
        (script) => decide(fixture, playing(script, true)),
      )) ?? decide(fixture, callable(agent)),
  );
}

/** Runs the agent from the goal, with its tools answered from the recording, and judges what it did. */
function replay(fixture, agent, options = {}) {
  const { variant } = options;
  if (variant !== undefined) return reported(fixture, () => replayVariant(fixture, variant, agent, options));
  return reported(
    fixture,
    async () =>
      (await proof(
        {
          ...fixture,
          mode: 'replay',
        },
        (script) => run(fixture, playing(script), {}, script),
      )) ?? run(fixture, callable(agent), options),
  );
}

/** Runs that are known are not known of its variants, so that a proof says nothing of them. */
async function replayVariant(fixture, variant, agent, options) {
  const changed = harder(fixture, variant);
  if (!changed.ok) throw new Error(`hindstep: ${changed.error}`);
  if (process.env.HINDSTEP_PROOF)
    return {
      calls: [],
      finalText: '',
      problems: [],
    };
  return run(changed.value, callable(agent), options);
}

async function decide(fixture, agent) {
  const { goal, tools, messages, environment } = fixture;
  const asked = askedBefore(messages);
  const calls = [];
  const end = new End();
  const callTool = async (tool, args) => {
    if (!end.reached)
      calls.push({
        tool,
        arguments: argumentsOf(args),
        asked,
      });
    await new Promise((resolve) => setTimeout(resolve));
    return end.stop('The decision was made; the test ends the run here.');
  };
  const answer = await end.orResult(() =>
    agent({
      goal,
      tools,
      environment,
      messages,
      callTool,
    }),
  );
  if (calls.length > 0)
    return judged(
      fixture,
      {
        calls,
        finalText: '',
      },
      messages,
    );
  return judged(
    fixture,
    {
      calls: callsOf(answer).map((call) => ({
        ...call,
        asked,
      })),
      finalText: textOf(answer),
    },
    messages,
  );
}

/** An agent that only ever answers tool calls is ended after so many. */
const MOST_TURNS = 200;
async function run(fixture, agent, options, script) {
  const session = new ReplaySession(fixture, options.variation);
  const end = new End();
  const callTool = async (tool, args) => {
    const outcome = session.call(tool, argumentsOf(args));
    switch (outcome.kind) {
      case 'answered':
        return plain(outcome.observation);
      case 'ended':
        return end.stop(outcome.sentence);
      case 'live': {
        const real = options.liveTools?.[tool];
        if (real === undefined) return end.stop(session.endWithoutTool(outcome.call).sentence);
        const observation = plain(await real(outcome.call.arguments));
        outcome.answer(observation);
        return observation;
      }
    }
  };
  for (let turn = 0; turn < MOST_TURNS && !end.reached; turn++) {
    const { goal, tools } = session;
    const messages = structuredClone([...session.messages]);
    const { environment } = fixture;
    const answer = await end.orResult(() =>
      agent({
        goal,
        tools,
        environment,
        messages,
        callTool,
      }),
    );
    if (end.reached) break;
    const returned = callsOf(answer);
    for (const call of returned) await end.orResult(() => callTool(call.tool, call.arguments));
    if (returned.length === 0 && !session.say(textOf(answer))) break;
  }
  const { steps, verdicts = wantsVerdicts(fixture) ? verdictsOfMessages(session.messages) : undefined } = script ?? {};
  const result = session.judgement({
    ...(steps !== undefined && { steps }),
    ...(verdicts && { verdicts }),
  });
  const { messages } = session;
  return {
    ...result,
    problems: result.problems.map((problem) => `hindstep: ${problem}`),
    messages,
  };
}

function judged(fixture, run, messages) {
  const verdicts =
    run.verdicts ?? (messages !== undefined && wantsVerdicts(fixture) ? verdictsOfMessages(messages) : undefined);
  const problems = judgeCalls(fixture, {
    ...run,
    ...(verdicts && { verdicts }),
  });
  return {
    calls: run.calls,
    finalText: run.finalText,
    problems: problems.map((problem) => `hindstep: ${problem}`),
    ...(messages !== undefined && { messages }),
  };
}

function callable(agent) {
  if (typeof agent === 'function') return agent;
  throw new Error('hindstep: the agent is no function; check the import of this test.');
}

/**
 * Under HINDSTEP_PROOF a test judges a run that is known: the recorded one, the corrected one, or the one with the
 * correction undone. With `mutations` it judges every run of the file that HINDSTEP_MUTATIONS names, each a correction
 * that one assertion must turn red; then the problems are the assertions that did not.
 */
async function proof(fixture, play) {
  const name = process.env.HINDSTEP_PROOF;
  if (!name) return undefined;
  if (isScriptName(name)) return play(scriptOf(fixture, name));
  const problems = [];
  const mutations = asArray(tryParse(readFileSync(process.env.HINDSTEP_MUTATIONS ?? '', 'utf8')));
  for (const mutation of mutations) {
    const reason = `hindstep: ${String(field(mutation, 'reason'))}`;
    const { problems: found } = await play(field(mutation, 'script'));
    if (!found.includes(reason)) problems.push(`hindstep: not noticed: ${String(field(mutation, 'name'))}`);
  }
  return {
    calls: [],
    finalText: '',
    problems,
  };
}

/** An agent that does what a script says, turn by turn; for one decision all calls at once. */
function playing({ calls, texts, finalText }, atOnce = false) {
  let turn = 0;
  return async ({ callTool }) => {
    const now = calls.filter((call) => call.turn === turn).map((call) => () => callTool(call.tool, call.arguments));
    const text = texts[turn++] ?? finalText;
    if (atOnce) await Promise.all(now.map((call) => call()));
    else for (const call of now) await call();
    return text;
  };
}

function wantsVerdicts({ expect }) {
  return expect.some(({ kind }) => kind === 'evaluator');
}

/** What `hindstep eval` says of each run of a trace. */
function verdictsOf(path) {
  return (runHindstep(['eval', path, '--json']) ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const judged = tryParse(line);
      const verdicts = [...asArray(field(judged, 'rollUps')), ...asArray(field(judged, 'verdicts'))];
      return Object.fromEntries(
        verdicts.map((verdict) => [asText(field(verdict, 'evaluator')) ?? '', field(verdict, 'status')]),
      );
    });
}

/** The same of a conversation, written for it as OpenAI chat messages. */
function verdictsOfMessages(messages) {
  const folder = mkdtempSync(join(tmpdir(), 'hindstep-'));
  const path = join(folder, 'run.json');
  try {
    writeFileSync(path, JSON.stringify({ messages: messages.map(asChatMessage) }));
    return verdictsOf(path)[0] ?? {};
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function asChatMessage({ role, content, toolCalls, toolCallId }) {
  const calls = toolCalls?.map((call) => ({
    id: call.id,
    type: 'function',
    function: {
      name: call.name,
      arguments: JSON.stringify(call.arguments),
    },
  }));
  return {
    role,
    content,
    ...(calls && { tool_calls: calls }),
    ...(toolCallId && { tool_call_id: toolCallId }),
  };
}

/** The conversation of a script, with the recorded answers. */
function messagesOf(fixture, { calls, texts, finalText }) {
  const session = new ReplaySession({
    ...fixture,
    onMiss: 'not-found',
  });
  for (let turn = 0; turn <= texts.length; turn++) {
    for (const call of calls.filter((one) => one.turn === turn)) session.call(call.tool, call.arguments);
    session.say(texts[turn] ?? finalText);
  }
  return [
    ...session.messages,
    {
      role: 'assistant',
      content: finalText,
    },
  ];
}

export { checkDecision, checkTrace, readFixture, replay, VERSION };
