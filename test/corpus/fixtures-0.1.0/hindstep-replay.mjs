// hindstep-replay 1: what the regression tests beside this file need, and nothing else. Written by Hindstep; keep it
// with the tests. No dependencies. https://github.com/hindstep/hindstep
//
//   checkTrace(fixture, path)      judges a recorded run (HINDSTEP_TRACE names another file)
//   checkDecision(fixture, agent)  gives the agent the recorded beginning and judges what it does next
//   replay(fixture, agent)         runs the agent from the start; its tools answer from the recording
//
// An agent is a function: `agent({ goal, messages, tools, callTool })`. It calls tools with `await callTool(name, args)`
// and answers its final text (or, for one decision, `{ tool, arguments }`). Nothing is ever called live.
//
// All three answer `{ calls, finalText, problems }`; a test that passes has no problems.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const VERSION = 1;

/** Reads a fixture beside the test. */
export function readFixture(url) {
  const fixture = JSON.parse(readFileSync(url, 'utf8'));
  if (fixture.schemaVersion !== 1 || fixture.normaliserVersion !== 1) {
    throw new Error('hindstep: this fixture was made by another version of Hindstep; make it again ("re-record").');
  }
  return fixture;
}

/** Judges the calls and the final text of a recorded run. */
export async function checkTrace(fixture, path) {
  const scripted = scriptedRun(fixture);
  if (scripted) return judged(fixture, scripted);
  const trace = process.env.HINDSTEP_TRACE || toPath(path);
  const runs = sameTask(fixture, readTrace(trace), trace).map((run) => judged(fixture, run));
  return { ...runs[0], problems: runs.flatMap(({ problems }) => problems) };
}

/**
 * Judges the one decision that the agent makes after the recorded beginning: its first call, all calls that it makes at
 * once, or its answer. Nothing it calls is answered.
 */
export async function checkDecision(fixture, agent) {
  const decided = { calls: [], finalText: '' };
  const end = new End();
  const callTool = async (tool, args = {}) => {
    if (!end.reached) decided.calls.push({ tool, arguments: plain(args), asked: askedBefore(fixture.messages) });
    // Calls that are made at once are one decision.
    await new Promise((resolve) => setTimeout(resolve));
    return end.stop('The decision was made; the test ends the run here.');
  };
  const chosen = choose(fixture, agent, 'decision');
  const answer = await end.orResult(() => chosen({ ...input(fixture), messages: fixture.messages, callTool }));
  if (decided.calls.length === 0) takeAnswer(answer, decided, askedBefore(fixture.messages));
  return judged(fixture, decided);
}

/** Runs the agent from the goal, with its tools answered from the recording, and judges what it did. */
export async function replay(fixture, agent) {
  const run = { calls: [], finalText: '' };
  const recording = new Recording(fixture);
  const end = new End();
  const first = fixture.messages.findIndex(({ role }) => role === 'user') + 1;
  const transcript = fixture.messages.slice(0, first);
  const callTool = async (tool, args = {}) => {
    if (end.reached) return end.stop();
    const call = { tool, arguments: plain(args), asked: askedBefore(transcript) };
    run.calls.push(call);
    const answer = recording.answer(call);
    if (!answer.found) return end.stop(answer.sentence);
    const id = `call-${run.calls.length}`;
    const content = typeof answer.value === 'string' ? answer.value : JSON.stringify(answer.value);
    transcript.push({ role: 'assistant', content: '', toolCalls: [{ id, name: tool, arguments: call.arguments }] });
    transcript.push({ role: 'tool', toolCallId: id, content });
    return answer.value;
  };
  const chosen = choose(fixture, agent, 'run');
  const laterWords = fixture.messages.slice(first).filter(({ role }) => role === 'user');
  for (let turn = 0; turn < MOST_TURNS && !end.reached; turn++) {
    const messages = structuredClone(transcript);
    const answer = await end.orResult(() => chosen({ ...input(fixture), messages, callTool }));
    const returned = callsOf(answer);
    run.finalText = textOf(answer);
    for (const call of returned) await end.orResult(() => callTool(call.tool, call.arguments));
    if (returned.length > 0) continue;
    // The user goes on with what was recorded, up to the decision under test.
    const next = laterWords.shift();
    if (next === undefined) break;
    transcript.push({ role: 'assistant', content: run.finalText }, next);
  }
  const result = judged(fixture, run);
  const known = recording.reached >= fixture.failure.position;
  if (end.reached && (result.problems.length > 0 || !known)) result.problems.unshift(`hindstep: ${end.sentence}`);
  return result;
}

/** An agent that only ever answers tool calls is ended after so many. */
const MOST_TURNS = 200;

/** Ends an agent's run from inside its tool call, also when the agent catches all that is thrown. */
class End {
  reached = false;
  #ended;
  #end = new Promise((resolve) => {
    this.#ended = resolve;
  });

  /** Throws, so that the agent can clean up; for an agent that goes on all the same there is never an answer. */
  stop(sentence) {
    if (this.reached) return new Promise(() => {});
    this.reached = true;
    this.sentence = sentence;
    this.#ended();
    throw new Error(`hindstep: ${sentence}`);
  }

  /** What the work answers; undefined when the end comes first. */
  async orResult(work) {
    const running = (async () => work())();
    running.catch(() => {});
    const result = await Promise.race([running.catch((thrown) => ({ thrown })), this.#end]);
    if (this.reached) return undefined;
    if (isObject(result) && 'thrown' in result) throw result.thrown;
    return result;
  }
}

/** Whether the last that was said to a question or statement of the agent is the user's. */
function askedBefore(messages) {
  const spoke = messages.findIndex(({ role, content }) => role === 'assistant' && wordsOf(content).trim() !== '');
  return spoke >= 0 && messages.slice(spoke).some(({ role }) => role === 'user');
}

/** What the recording answers: each recorded call once, in the order in which equal calls were made. */
class Recording {
  constructor(fixture) {
    this.fixture = fixture;
    this.used = new Set();
    /** How many of the calls before the failing decision were made again. */
    this.reached = 0;
  }

  answer(call) {
    const { recording, volatile, expect, failure } = this.fixture;
    const wanted = strip(call.arguments, volatile);
    const same = recording.flatMap((recorded, i) =>
      recorded.tool === call.tool && equal(strip(recorded.arguments, volatile), wanted) ? [i] : [],
    );
    const next = same.find((i) => !this.used.has(i));
    if (next !== undefined) {
      this.used.add(next);
      if (next < failure.position) this.reached++;
      return { found: true, value: recording[next].observation };
    }
    // The correction was never recorded, so nothing can be known of its answer but that it was made.
    if (expect.some((e) => e.kind === 'mustCall' && matchesCall(e, call)))
      return { found: true, value: { status: 'ok' } };
    const shown = show(call);
    if (same.length > 0) {
      return {
        found: false,
        sentence: `the run left the recording: ${shown} was recorded ${times(same.length)} and is made once more.`,
      };
    }
    return {
      found: false,
      sentence: `the run left the recording: ${shown} was not recorded${nearest(recording, call)}.`,
    };
  }
}

function nearest(recording, call) {
  const others = recording
    .map((recorded, i) => ({ i, recorded, differs: differences(recorded.arguments, call.arguments) }))
    .filter(({ recorded }) => recorded.tool === call.tool)
    .sort((a, b) => a.differs.length - b.differs.length);
  if (others.length === 0) return '';
  const [{ i, differs }] = others;
  return `; recorded call ${i + 1} differs in ${differs.slice(0, 3).join(', ')}`;
}

function differences(recorded, made, pointer = '') {
  if (isObject(recorded) && isObject(made)) {
    return [...new Set([...Object.keys(recorded), ...Object.keys(made)])].flatMap((key) =>
      differences(recorded[key], made[key], `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
    );
  }
  return equal(recorded, made) ? [] : [`${pointer || '/'}: ${brief(recorded)}, got ${brief(made)}`];
}

/** Judges what was done against what the fixture expects. */
function judged(fixture, { calls, finalText, steps }) {
  const problems = fixture.expect.flatMap((expectation) =>
    judge(expectation, calls, finalText, steps ?? calls.length + 1),
  );
  return { calls, finalText, problems: problems.map((problem) => `hindstep: ${problem}`) };
}

function judge(expectation, calls, finalText, steps) {
  const matching = calls.flatMap((call, i) => (matchesCall(expectation, call) ? [i] : []));
  const what = () => `${expectation.tool}${described(expectation.arguments)}`;
  switch (expectation.kind) {
    case 'mustCall': {
      const inOrder = matching.filter((i) => {
        const before = !expectation.before || !calls.slice(0, i).some((c) => c.tool === expectation.before);
        return before && (!expectation.after || calls.slice(0, i).some((c) => c.tool === expectation.after));
      });
      const enough = expectation.count === undefined ? inOrder.length > 0 : inOrder.length === expectation.count;
      if (enough) return [];
      const order = `${expectation.before ? ` before ${expectation.before}` : ''}${expectation.after ? ` after ${expectation.after}` : ''}`;
      const count = expectation.count === undefined ? '' : ` ${times(expectation.count)}`;
      return [`must call ${what()}${order}${count}: ${made(calls, inOrder)}`];
    }
    case 'mustNotCall':
      return matching.map((i) => `must not call ${what()}: call ${i + 1} did`);
    case 'mustAskBefore':
      return matching
        .filter((i) => !calls[i].asked)
        .map((i) => `must ask before it calls ${expectation.tool}: call ${i + 1} did not`);
    case 'finalMustNotClaim':
      return normal(finalText).includes(normal(expectation.claim))
        ? [`must not claim "${expectation.claim}" at the end`]
        : [];
    case 'maxSteps':
      return steps > expectation.count ? [`must end within ${expectation.count} steps, took ${steps}`] : [];
    case 'maxRepeats': {
      const repeats = calls.filter((call, i) => {
        const same = (other) => other.tool === call.tool && equal(other.arguments, call.arguments);
        return call.tool === expectation.tool && calls.slice(0, i).some(same);
      }).length;
      return repeats > expectation.count
        ? [`must not repeat ${expectation.tool} more than ${times(expectation.count)}, did ${times(repeats)}`]
        : [];
    }
    default:
      return [
        `this helper does not know the expectation "${expectation.kind}"; make the test again with a newer Hindstep`,
      ];
  }
}

function made(calls, matching) {
  if (matching.length > 0) return `it was called ${times(matching.length)}`;
  return calls.length === 0 ? 'no tool was called' : `the calls were ${calls.map(show).join('; ')}`;
}

/** Whether a call is one that an expectation speaks of. Arguments that it does not name don't matter. */
export function matchesCall(expectation, call) {
  if (call.tool !== expectation.tool) return false;
  return Object.entries(expectation.arguments ?? {}).every(([name, matcher]) => matches(matcher, call.arguments[name]));
}

function matches(matcher, value) {
  if (!isObject(matcher) || matcher.$match === undefined) return equal(matcher, value);
  switch (matcher.$match) {
    case 'exact':
      return equal(matcher.value, value);
    case 'ignore':
      return true;
    case 'oneOf':
      return matcher.values.some((one) => equal(one, value));
    case 'subset':
      return contains(matcher.value, value);
    case 'superset':
      return contains(value, matcher.value);
    case 'regex':
      return typeof value === 'string' && new RegExp(matcher.pattern, 'u').test(value.slice(0, 10_000));
    case 'number':
      return (
        Number.isFinite(Number(value)) &&
        value !== null &&
        value !== '' &&
        Math.abs(Number(value) - matcher.value) <= matcher.tolerance
      );
    case 'schema':
      return fits(matcher.schema, value);
    default:
      throw new Error(`hindstep: this helper does not know the matcher "${matcher.$match}".`);
  }
}

/** True when every member (or element) of `part` is in `whole`. */
function contains(whole, part) {
  if (Array.isArray(part))
    return Array.isArray(whole) && part.every((one) => whole.some((other) => contains(other, one)));
  if (isObject(part))
    return isObject(whole) && Object.keys(part).every((key) => key in whole && contains(whole[key], part[key]));
  return equal(whole, part);
}

/** The part of JSON Schema that arguments use: type, enum, const, required, properties, items, bounds, pattern. */
function fits(schema, value) {
  const types = schema.type === undefined ? undefined : [schema.type].flat();
  if (types && !types.some((type) => isType(type, value))) return false;
  if (schema.enum && !schema.enum.some((one) => equal(one, value))) return false;
  if ('const' in schema && !equal(schema.const, value)) return false;
  if (typeof value === 'number') {
    if (schema.minimum !== undefined && value < schema.minimum) return false;
    if (schema.maximum !== undefined && value > schema.maximum) return false;
  }
  if (typeof value === 'string') {
    if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value.slice(0, 10_000))) return false;
    if (schema.minLength !== undefined && value.length < schema.minLength) return false;
    if (schema.maxLength !== undefined && value.length > schema.maxLength) return false;
  }
  if (Array.isArray(value) && schema.items) return value.every((one) => fits(schema.items, one));
  if (!isObject(value)) return true;
  if ((schema.required ?? []).some((key) => !(key in value))) return false;
  return Object.entries(schema.properties ?? {}).every(([key, inner]) => !(key in value) || fits(inner, value[key]));
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
      // JSON Schema's string, number and boolean are typeof's own names.
      return typeof value === type;
  }
}

/** The agent under test, or under HINDSTEP_PROOF the recorded, the corrected, or again the recorded one. */
function choose(fixture, agent, what) {
  const script = scriptedRun(fixture, what === 'decision');
  if (!script) {
    if (typeof agent !== 'function')
      throw new Error('hindstep: the agent is no function; check the import of this test.');
    return agent;
  }
  return async ({ callTool }) => {
    const calls = script.calls.splice(0);
    if (what === 'decision') await Promise.all(calls.map((call) => callTool(call.tool, call.arguments)));
    else for (const call of calls) await callTool(call.tool, call.arguments);
    return script.finalText;
  };
}

/** `recorded` is all that was recorded, `undone` the same up to the failing decision, `corrected` the correction there. */
function scriptedRun(fixture, decisionOnly = false) {
  const proof = process.env.HINDSTEP_PROOF;
  if (!proof) return undefined;
  const { failure, correction, recording } = fixture;
  const decision = proof === 'corrected' ? correction : failure;
  const before = recording.slice(0, failure.position);
  const calls = decisionOnly ? decision.calls : proof === 'recorded' ? recording : [...before, ...decision.calls];
  return { calls: calls.map(asCall), finalText: decision.message ?? '' };
}

function asCall({ tool, arguments: args }) {
  return { tool, arguments: args, asked: false };
}

function input({ goal, tools }) {
  return { goal, tools };
}

function takeAnswer(answer, run, asked) {
  run.calls.push(...callsOf(answer).map((call) => ({ ...call, asked })));
  run.finalText = textOf(answer);
}

/** The tool calls that an agent answers instead of making them: one, or a message with several. */
function callsOf(answer) {
  if (!isObject(answer)) return [];
  if (typeof answer.tool === 'string') return [{ tool: answer.tool, arguments: plain(answer.arguments) }];
  const calls = answer.toolCalls ?? answer.tool_calls ?? [];
  return calls.map((call) => {
    const { name, tool, arguments: args } = call.function ?? call;
    return { tool: tool ?? name, arguments: plain(argumentsOf(args)) };
  });
}

function textOf(answer) {
  return typeof answer === 'string' ? answer : wordsOf(answer?.content ?? answer?.finalText);
}

// --- Traces -------------------------------------------------------------------------------------------------------

/** The runs of a trace: OpenAI chat messages and ATIF are read here, all else through `hindstep`. */
function readTrace(path) {
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Error(`hindstep: there is no trace at ${path}; record a run, or name one with HINDSTEP_TRACE.`);
  }
  const documents = parseDocuments(text);
  const isMessage = (value) => typeof value?.role === 'string';
  const all = documents.length === 1 && Array.isArray(documents[0]) ? documents[0] : documents;
  if (all.length > 0 && all.every(isMessage)) return [readMessages(all)];
  if (all.length > 0 && all.every((one) => one?.messages?.every?.(isMessage))) {
    return all.map(({ messages }) => readMessages(messages));
  }
  if (all.length > 0 && all.every((one) => Array.isArray(one?.steps) && /^ATIF-/.test(one.schema_version))) {
    return all.map(({ steps }) => readAtif(steps));
  }
  return readThroughHindstep(path);
}

/** Of several runs in a file, those that were asked the same. A redacted word of the goal may be any. */
function sameTask({ messages }, runs, path) {
  if (runs.length === 1) return runs;
  const goal = wordsOf(messages.find(({ role }) => role === 'user')?.content);
  const parts = goal.split(/<[A-Z][A-Z_]*_\d+>/).map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  const pattern = new RegExp(`^${parts.join('.+')}$`, 's');
  const same = runs.filter((run) => pattern.test(run.goal));
  if (same.length > 0) return same;
  throw new Error(`hindstep: ${path} has ${runs.length} runs, and none of them was asked what this test is about.`);
}

function parseDocuments(text) {
  try {
    return [JSON.parse(text)];
  } catch {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    try {
      return lines.map((line) => JSON.parse(line));
    } catch {
      return [];
    }
  }
}

/** Adds up what was done: `user`, `say` and `call` in order. A call was asked for when the user spoke after the agent. */
class Collected {
  calls = [];
  finalText = '';
  steps = 0;
  goal = undefined;
  #said = false;
  #asked = false;

  user(text) {
    this.goal ??= text;
    this.#asked = this.#said;
  }

  say(text) {
    this.finalText = text;
    if (text.trim() !== '') this.#said = true;
  }

  call(tool, args) {
    this.calls.push({ tool, arguments: args, asked: this.#asked });
  }
}

function readAtif(steps) {
  const run = new Collected();
  for (const step of steps) {
    if (step.source === 'user') run.user(wordsOf(step.message));
    if (step.source !== 'agent') continue;
    run.steps++;
    run.say(wordsOf(step.message));
    for (const call of step.tool_calls ?? []) run.call(call.function_name, argumentsOf(call.arguments));
  }
  return run;
}

function readMessages(messages) {
  const run = new Collected();
  for (const message of messages) {
    if (message.role === 'user') run.user(wordsOf(message.content));
    if (message.role !== 'assistant') continue;
    run.steps++;
    run.say(wordsOf(message.content));
    for (const call of message.tool_calls ?? []) {
      run.call(call.function?.name ?? call.name, argumentsOf(call.function?.arguments ?? call.arguments));
    }
  }
  return run;
}

function readThroughHindstep(path) {
  const command = process.env.HINDSTEP_CLI;
  const [program, ...args] = command ? [process.execPath, command] : ['hindstep'];
  let output;
  try {
    output = execFileSync(program, [...args, 'steps', path, '--json'], { encoding: 'utf8', maxBuffer: 1 << 30 });
  } catch {
    throw new Error(
      `hindstep: ${path} is neither chat messages nor ATIF, and "hindstep" is not on the PATH to read it.`,
    );
  }
  const runs = new Map();
  for (const line of output.split('\n').filter(Boolean)) {
    const step = JSON.parse(line);
    const run = runs.get(step.run) ?? new Collected();
    runs.set(step.run, run);
    if (step.kind === 'user') run.user(wordsOf(step.message));
    if (step.kind === 'user' || step.kind === 'system') continue;
    run.steps++;
    run.say(wordsOf(step.message));
    for (const action of step.actions) run.call(action.tool, action.arguments);
  }
  return [...runs.values()];
}

function wordsOf(content) {
  if (Array.isArray(content)) return content.map((part) => part?.text ?? '').join('\n');
  return typeof content === 'string' ? content : '';
}

function argumentsOf(args) {
  if (typeof args !== 'string') return args ?? {};
  try {
    return JSON.parse(args);
  } catch {
    return {};
  }
}

// --- Values -------------------------------------------------------------------------------------------------------

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Equal as JSON: the order of members does not matter. */
function equal(a, b) {
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((one, i) => equal(one, b[i]));
  if (!isObject(a) || !isObject(b)) return a === b;
  const [left, right] = [Object.keys(a), Object.keys(b)];
  return left.length === right.length && left.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}

/** A copy as JSON sees it, so that later changes by the agent change nothing here. */
function plain(value) {
  return JSON.parse(JSON.stringify(value ?? {}));
}

/** A copy without what stands at the volatile pointers (request ids, times). */
function strip(value, pointers) {
  const copy = plain(value);
  for (const pointer of pointers) {
    const parts = pointer
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = parts.pop();
    let here = copy;
    for (const part of parts) here = here?.[part];
    if (isObject(here)) delete here[last];
  }
  return copy;
}

function described(args) {
  const named = Object.entries(args ?? {}).map(([name, matcher]) => {
    if (!isObject(matcher) || matcher.$match === undefined) return `${name} ${brief(matcher)}`;
    const { $match, ...rest } = matcher;
    return `${name} ${$match} ${Object.values(rest).map(brief).join(' ± ')}`.trimEnd();
  });
  return named.length === 0 ? '' : ` with ${named.join(', ')}`;
}

function show(call) {
  return `${call.tool}(${brief(call.arguments)})`;
}

function brief(value) {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

function times(count) {
  return count === 1 ? 'once' : `${count} times`;
}

function normal(text) {
  return text.toLowerCase().replace(/\s+/g, ' ').trim();
}

function toPath(path) {
  return path instanceof URL ? fileURLToPath(path) : path;
}
