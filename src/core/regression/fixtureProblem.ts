import { asArray, field, isObject, type Json } from '../util/json.ts';
import { type Expectation, FIXTURE_SCHEMA_VERSION, NORMALISER_VERSION } from './fixture.ts';
import { shapeProblem } from './fixtureShape.ts';
import { matcherProblem } from './matchers.ts';

const KINDS: readonly string[] = [
  'mustCall',
  'mustNotCall',
  'mustAskBefore',
  'finalMustNotClaim',
  'maxSteps',
  'maxRepeats',
  'evaluator',
] satisfies Expectation['kind'][];

/**
 * Why a fixture that was read from a file can't be used: a sentence, or undefined when it can. Somebody may have edited it,
 * or another version of Hindstep may have written it. What is not understood is never passed over: a test that leaves an
 * assertion out is green for no reason.
 */
export function fixtureProblem(fixture: unknown): string | undefined {
  if (!isObject(fixture)) return 'this is no fixture: it is not a JSON object.';
  if (
    isNewer(fixture.schemaVersion, FIXTURE_SCHEMA_VERSION) ||
    isNewer(fixture.normaliserVersion, NORMALISER_VERSION)
  ) {
    return 'this fixture was made by a newer version of Hindstep; update it here, or make the test again with it.';
  }
  if (fixture.schemaVersion !== FIXTURE_SCHEMA_VERSION || fixture.normaliserVersion !== NORMALISER_VERSION) {
    return 'this fixture was made by another version of Hindstep; make it again ("re-record").';
  }
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

function isNewer(version: Json | undefined, known: number): boolean {
  return typeof version === 'number' && version > known;
}

/** A member, or what is meant where it is absent; `null` is a value of its own. */
function given(value: Json, name: string, absent: Json): Json {
  const member = field(value, name);
  return member === undefined ? absent : member;
}

function unknownChoice(value: Json, name: string, choices: readonly string[]): string | undefined {
  if (typeof value === 'string' && choices.includes(value)) return undefined;
  return `${name} is ${JSON.stringify(value)}; it may be ${choices.join(', ')}.`;
}

function recordingProblem(recorded: Json, name: string): string | undefined {
  if (typeof field(recorded, 'tool') !== 'string' || !isObject(field(recorded, 'arguments'))) {
    return `${name} needs a tool and arguments.`;
  }
  return matchersProblem(given(recorded, 'match', {}), name);
}

function expectationProblem(expectation: Json, name: string): string | undefined {
  const kind = field(expectation, 'kind');
  if (typeof kind !== 'string' || !KINDS.includes(kind)) {
    const words = typeof kind === 'string' || kind === undefined ? kind : JSON.stringify(kind);
    return `${name} is "${words}", which this version does not know; make the test again with a newer Hindstep.`;
  }
  const absent = kind === 'mustCall' || kind === 'mustNotCall' ? null : {};
  return matchersProblem(given(expectation, 'arguments', absent), name);
}

function matchersProblem(args: Json, name: string): string | undefined {
  if (!isObject(args)) return `${name} needs arguments by name.`;
  for (const [argument, matcher] of Object.entries(args)) {
    const problem = matcherProblem(matcher);
    if (problem !== undefined) return `the matcher of ${argument} in ${name} ${problem}.`;
  }
  return undefined;
}
