import { assertNever } from '../util/assertNever.ts';
import { isObject, type Json, type JsonObject } from '../util/json.ts';
import type { Expectation, Fixture, FixtureCall, ValueMatcher } from './fixture.ts';
import { matching } from './judge.ts';
import { isMatcher, matchesArguments } from './matchers.ts';
import { type Script, type ScriptedCall, scriptOf } from './replay/script.ts';

/** A change of the correction, as a person would name it. */
export interface Mutation {
  readonly name: string;
  readonly script: Script;
  /** The part of the expectation that the change is about; without it the expectation as a whole. */
  readonly part?: ExpectationPart;
}

/** A part of an expectation that can be left out by itself. */
export type ExpectationPart =
  | { readonly kind: 'argument'; readonly name: string }
  | { readonly kind: 'count' | 'before' | 'after' };

/** Recorded calls that are tried one by one, each in a run of its own: a run may have thousands of a kind. */
const MOST_TRIED = 10;

/** Changes of the corrected run that should turn an expectation red, most telling first. */
export function mutationsOf(fixture: Fixture, expectation: Expectation): Mutation[] {
  const base = scriptOf(fixture, 'corrected');
  const change = (name: string, calls: readonly ScriptedCall[], part?: ExpectationPart): Mutation => ({
    name,
    script: { ...base, calls },
    ...(part !== undefined && { part }),
  });
  const last = base.texts.length;
  const alsoCalls = (...calls: readonly FixtureCall[]) => [
    ...base.calls,
    ...calls.map((call) => ({ ...call, turn: last })),
  ];
  const callsFirst = (...calls: readonly FixtureCall[]) => [
    ...calls.map((call) => ({ ...call, turn: 0 })),
    ...base.calls,
  ];
  switch (expectation.kind) {
    case 'mustCall': {
      const { tool, arguments: args, count, before, after } = expectation;
      const found = new Set(matching(tool, args, base.calls));
      const isFound = (_call: ScriptedCall, i: number) => found.has(i);
      const wanted = base.calls.find(isFound);
      const others = base.calls.filter((_call, i) => !found.has(i));
      return [
        change(`without calling ${tool}`, others),
        ...Object.entries(args).flatMap(([name, matcher]) =>
          otherArguments(wanted?.arguments ?? {}, name, matcher).map((changed) =>
            change(
              `${tool} with another ${name}`,
              base.calls.map((call, i) => (found.has(i) ? { ...call, arguments: changed } : call)),
              { kind: 'argument', name },
            ),
          ),
        ),
        ...(count === undefined || wanted === undefined
          ? []
          : [change(`${tool} once more`, alsoCalls(wanted), { kind: 'count' })]),
        ...(before === undefined
          ? []
          : [change(`${before} before ${tool}`, callsFirst(...callsOf(fixture, before)), { kind: 'before' })]),
        ...(after === undefined || wanted === undefined
          ? []
          : [change(`${tool} before ${after}`, [{ ...wanted, turn: 0 }, ...others], { kind: 'after' })]),
      ];
    }
    case 'mustNotCall': {
      const { tool, arguments: args, count = 0, after } = expectation;
      const name = `${tool} as it must not be called`;
      const candidates = [
        ...callsOf(fixture, tool)
          .filter((call) => matchesArguments(args, call.arguments))
          .slice(0, MOST_TRIED),
        { tool, arguments: sampleOf(args) },
      ];
      return candidates.flatMap((call) => {
        const calls = Array.from({ length: count + 1 }, () => call);
        const opened = after === undefined ? [] : callsOf(fixture, after).slice(0, 1);
        return [change(name, alsoCalls(...opened, ...calls)), change(name, callsFirst(...opened, ...calls))];
      });
    }
    case 'mustAskBefore':
      return callsOf(fixture, expectation.tool)
        .slice(0, MOST_TRIED)
        .map((call) => change(`${expectation.tool} without asking`, callsFirst(call)));
    case 'finalMustNotClaim': {
      const { claim } = expectation;
      const finalText = `${base.finalText} ${claim}`.trim();
      return [base.calls, []].map((calls) => ({ name: `the claim "${claim}"`, script: { ...base, calls, finalText } }));
    }
    case 'maxSteps': {
      const more = expectation.count + 1;
      const again = base.calls.at(-1) ?? fixture.recording.at(-1);
      const name = `${more} steps`;
      if (fixture.mode === 'trace-check') return [{ name, script: { ...base, steps: more } }];
      return again === undefined ? [] : [change(name, alsoCalls(...Array.from({ length: more }, () => callOf(again))))];
    }
    case 'maxRepeats': {
      const { tool, count } = expectation;
      return callsOf(fixture, tool)
        .slice(0, MOST_TRIED)
        .map((call) => change(`${tool} once more`, alsoCalls(...Array.from({ length: count + 2 }, () => call))));
    }
    case 'evaluator': {
      const { id, status } = expectation;
      const verdicts = { [id]: status === 'pass' ? ('fail' as const) : ('pass' as const) };
      return [{ name: `${id} says ${verdicts[id]}`, script: { ...base, verdicts } }];
    }
    default:
      return assertNever(expectation);
  }
}

/** Known calls of a tool: the failing step's first. Without any, one that says nothing. */
function callsOf({ failure, correction, recording }: Fixture, tool: string): FixtureCall[] {
  const known = [...failure.calls, ...recording, ...correction.calls].filter((call) => call.tool === tool).map(callOf);
  return known.length > 0 ? known : [{ tool, arguments: {} }];
}

function callOf({ tool, arguments: args }: FixtureCall): FixtureCall {
  return { tool, arguments: args };
}

/** The arguments with another value under a name, and without it. */
function otherArguments(args: JsonObject, name: string, matcher: Json | ValueMatcher): JsonObject[] {
  const value = Object.hasOwn(args, name) ? (args[name] ?? null) : null;
  const { [name]: _left, ...without } = args;
  return [...otherValues(value, matcher).map((other) => ({ ...args, [name]: other })), without];
}

/** Values that are not this one: near it first, then of other kinds. */
function otherValues(value: Json, matcher: Json | ValueMatcher): Json[] {
  const far = isMatcher(matcher) && matcher.$match === 'number' ? matcher.tolerance * 2 + 1 : 1;
  return [...near(value, far), 'something else', null].filter((other) => other !== value);
}

function near(value: Json, far: number): Json[] {
  if (typeof value === 'string') return [`${value}-other`];
  if (typeof value === 'number') return [value + far, value - far];
  if (typeof value === 'boolean') return [!value];
  if (Array.isArray(value)) return [[...value, 'something else'], []];
  return isObject(value) ? [{ ...value, 'something else': true }, {}] : [];
}

/** Arguments that a matcher takes, where it says which. */
function sampleOf(args: Extract<Expectation, { kind: 'mustNotCall' }>['arguments']): JsonObject {
  return Object.fromEntries(
    Object.entries(args).flatMap(([name, matcher]): [string, Json][] => {
      if (!isMatcher(matcher)) return [[name, matcher]];
      switch (matcher.$match) {
        case 'exact':
        case 'superset':
        case 'subset':
        case 'number':
          return [[name, matcher.value]];
        case 'oneOf':
          return matcher.values.slice(0, 1).map((one): [string, Json] => [name, one]);
        case 'schema':
        case 'regex':
        case 'ignore':
          return [];
        default:
          return assertNever(matcher);
      }
    }),
  );
}
