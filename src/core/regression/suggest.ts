import { effectOfName } from '../evaluators/effectNames.ts';
import { claimsIn } from '../evaluators/shared/claims.ts';
import { bareToolName, wordsOfName } from '../evaluators/shared/toolNames.ts';
import type { Finding } from '../evaluators/verdict.ts';
import { leafKindOf } from '../provenance/leafKind.ts';
import { asArray, asFilledText, field, isObject, type Json, type JsonObject } from '../util/json.ts';
import { leavesOf, pointerParts } from '../util/pointer.ts';
import { saysSo, type WantedChange } from './expectations.ts';
import type { FixtureCall } from './fixture.ts';
import type { Material, MaterialTool } from './material.ts';
import { askedBefore } from './replay/replaySession.ts';
import { sameJson } from './sameJson.ts';

/** A correction to start from, and why it is offered. */
export interface Suggestion {
  readonly correction: WantedChange;
  readonly why: string;
}

const MOST_EDITS = 3;

/**
 * Corrections for a failing step, best first. What the benchmark `expected` and the run has not done. A call: with the
 * value that the evidence speaks for; not made at all; with another value that was seen under the same name. A claim: a
 * declared tool that could have made it true, with the arguments that the run knows.
 */
export function suggestCorrections(
  material: Material,
  finding: Finding | undefined,
  expected: readonly FixtureCall[] = [],
): Suggestion[] {
  const reference = expectedNext(material, expected);
  if (material.calls.length === 0) return [...reference, ...requiredCalls(material), ...unclaimed(material)];
  const edits = material.calls.flatMap((call) => editsOf(material, call, finding));
  const proved = edits.filter(({ evident }) => evident);
  const guessed = edits.filter(({ evident }) => !evident);
  const forbids = material.calls
    .filter((call) => canBeForbidden(material, call))
    .map(
      ({ tool, arguments: args }): Suggestion => ({
        correction: { kind: 'forbid', tool, arguments: args },
        why: wasCalled(material, { tool, arguments: args })
          ? `${tool} was called like this before, and should not have been called again.`
          : `${tool} should not have been called like this.`,
      }),
    );
  return [
    ...reference,
    ...proved.slice(0, MOST_EDITS).map(({ suggestion }) => suggestion),
    ...forbids,
    ...guessed.slice(0, MOST_EDITS).map(({ suggestion }) => suggestion),
    ...askFirst(material),
    ...lookFirst(material),
  ];
}

/**
 * Whether a test can tell the call from those before it. One that has only some of the arguments of an earlier call is
 * none: whatever forbids it forbids that one too.
 */
function canBeForbidden({ recording, position }: Material, { tool, arguments: args }: FixtureCall): boolean {
  const before = recording.slice(0, position).filter((call) => call.tool === tool);
  const names = Object.keys(args);
  const isPartOf = (other: FixtureCall) =>
    names.every(
      (name) => Object.hasOwn(other.arguments, name) && sameJson(other.arguments[name] ?? null, args[name] ?? null),
    );
  const like = before.filter(isPartOf);
  return like.length === 0 || like.some((call) => Object.keys(call.arguments).length === names.length);
}

/** Whether an equal call was made before the step. */
export function wasCalled({ recording, position }: Material, { tool, arguments: args }: FixtureCall): boolean {
  return recording.slice(0, position).some((call) => call.tool === tool && sameJson(call.arguments, args));
}

/** The first call of the benchmark that the run had not made; for a step with calls, of a tool that the step calls. */
function expectedNext({ recording, position, calls }: Material, expected: readonly FixtureCall[]): Suggestion[] {
  const made = [...recording.slice(0, position), ...calls];
  const missing = expected.find(
    ({ tool, arguments: args }) =>
      (calls.length === 0 || calls.some((call) => call.tool === tool)) &&
      !made.some((call) => call.tool === tool && sameJson(call.arguments, args)),
  );
  if (missing === undefined) return [];
  const { tool, arguments: args } = missing;
  const kind = calls.length === 0 ? 'require' : 'edit';
  return [{ correction: { kind, tool, arguments: args }, why: `The benchmark expects ${tool} with these arguments.` }];
}

interface Edit {
  readonly suggestion: Suggestion;
  /** Whether the finding names the value. */
  readonly evident: boolean;
}

/** The call with one argument changed to another value that was recorded under the same name before it. */
function editsOf(
  material: Material,
  call: { tool: string; arguments: JsonObject },
  finding: Finding | undefined,
): Edit[] {
  return Object.entries(call.arguments).flatMap(([name, value]) => {
    const kind = leafKindOf(name, value);
    if (kind === 'authored' || kind === 'trivial') return [];
    const named = `${finding?.expected ?? ''}\n${finding?.message ?? ''}`;
    const others = seenUnder(material, name).filter((other) => other !== value && typeof other === typeof value);
    return (
      [...new Set(others)]
        // Of several that the evidence names, the last: what repeats comes after what it repeats.
        .reverse()
        .map((other): Edit => {
          const evident = finding?.expected !== undefined && hasWord(named, String(other));
          const why = evident
            ? `${name} ${String(other)} instead of ${String(value)}, which the evidence speaks against.`
            : `${name} ${String(other)}, seen earlier in the run, instead of ${String(value)}.`;
          const args = { ...call.arguments, [name]: other };
          return { evident, suggestion: { correction: { kind: 'edit', tool: call.tool, arguments: args }, why } };
        })
    );
  });
}

/** The calls of the step that change something, when nobody was asked before them. */
function askFirst({ calls, messages }: Material): Suggestion[] {
  // Where the user has answered something already, a test could not tell whether this was asked.
  if (askedBefore(messages)) return [];
  return [...new Set(calls.map(({ tool }) => tool))].filter(changesSomething).map((tool) => ({
    correction: { kind: 'askFirst', tool },
    why: `The user must be asked before ${tool}.`,
  }));
}

/** The first sentence that claims a deed, without its full stop. */
function unclaimed({ message = '' }: Material): Suggestion[] {
  const [first] = claimsIn(message);
  const claim = first?.sentence.trim().replace(/[.!\s]+$/, '');
  // Its words may stand differently in a text with mark-up.
  if (claim === undefined || claim === '' || !saysSo(message, claim)) return [];
  return [{ correction: { kind: 'mustNotClaim', claim }, why: 'The final answer must not say what was not done.' }];
}

function changesSomething(tool: string): boolean {
  return ['write', 'irreversible'].includes(effectOfName(tool).effect);
}

/** A tool that reads and was declared but never called, when the step changed something. */
function lookFirst(material: Material): Suggestion[] {
  if (!material.calls.some(({ tool }) => changesSomething(tool))) return [];
  const called = new Set(material.recording.map(({ tool }) => tool));
  const readers = material.tools.filter(({ name }) => !called.has(name) && effectOfName(name).effect === 'read');
  return readers.slice(0, 1).map((tool) => ({
    correction: { kind: 'require', tool: tool.name, arguments: filledIn(material, tool) },
    why: `Look with ${tool.name} before changing anything.`,
  }));
}

/** Tools whose name says the deed that the message claims; those that change something first. */
function requiredCalls(material: Material): Suggestion[] {
  const claims = claimsIn(material.message ?? '');
  const verbs = claims.flatMap(({ word, family }) => [word.slice(0, 5), ...(family?.tools ?? [])]);
  const candidates = material.tools
    .map((tool) => ({ tool, rank: rankOf(tool, verbs) }))
    .filter(({ tool, rank }) => rank > 0 && !workedBefore(material, tool.name))
    .sort((a, b) => b.rank - a.rank)
    .slice(0, MOST_EDITS);
  return candidates.map(({ tool }) => ({
    correction: { kind: 'require', tool: tool.name, arguments: filledIn(material, tool) },
    why: `${tool.name} must be called before the agent may say that it is done.`,
  }));
}

/** A declared verb of the deed counts most, then that the tool changes something at all. */
function rankOf({ name }: MaterialTool, verbs: readonly string[]): number {
  const words = wordsOfName(bareToolName(name));
  const says = words.some((word) => verbs.some((verb) => word.startsWith(verb)));
  return (says ? 2 : 0) + (changesSomething(name) ? 1 : 0);
}

function workedBefore({ recording, position }: Material, tool: string): boolean {
  return recording.slice(0, position).some((call) => call.tool === tool && !call.isError);
}

/** Arguments from the tool's schema, with values that the run knows; what it doesn't know is left for the person. */
function filledIn(material: Material, tool: MaterialTool): JsonObject {
  const properties = field(tool.inputSchema, 'properties');
  if (!isObject(properties)) return {};
  const required = asArray(field(tool.inputSchema, 'required'));
  const names = Object.keys(properties).filter((name) => required.length === 0 || required.includes(name));
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = likelyValue(material, name, properties[name]);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** What the user named, of the values seen under a name or allowed by its schema; else the one that was seen last. */
function likelyValue(material: Material, name: string, schema: Json | undefined): Json | undefined {
  const allowed = asArray(field(schema, 'enum'));
  const seen = seenUnder(material, name);
  const known = [...new Set([...seen, ...allowed])];
  const asked = material.messages.filter(({ role }) => role === 'user').map(({ content }) => content);
  const words = [material.goal, ...asked].join('\n');
  const wanted = known.find((value) => asFilledText(value) !== undefined && hasWord(words, String(value)));
  return wanted ?? seen.at(-1) ?? allowed[0];
}

/** Values under a name in what was called and answered before the step, in order. */
function seenUnder(material: Material, name: string): readonly Json[] {
  const known = seen.get(material) ?? valuesByName(material);
  seen.set(material, known);
  return known.get(name) ?? [];
}

/** Asked for once a name; a call can have as many arguments as it likes. */
const seen = new WeakMap<Material, ReadonlyMap<string, readonly Json[]>>();

function valuesByName({ recording, position }: Material): Map<string, Json[]> {
  const values = new Map<string, Json[]>();
  for (const { arguments: args, observation } of recording.slice(0, position)) {
    for (const source of [args, observation]) {
      for (const { pointer, value } of leavesOf(source)) {
        const name = pointerParts(pointer).at(-1);
        if (name === undefined || (typeof value !== 'string' && typeof value !== 'number')) continue;
        const others = values.get(name);
        if (others === undefined) values.set(name, [value]);
        else others.push(value);
      }
    }
  }
  return values;
}

function hasWord(text: string, word: string): boolean {
  const at = text.toLowerCase().indexOf(word.toLowerCase());
  if (at < 0 || word === '') return false;
  return !/\w/.test(text.charAt(at - 1)) && !/\w/.test(text.charAt(at + word.length));
}
