import type { VerdictStatus } from '../evaluators/verdict.ts';
import { assertNever } from '../util/assertNever.ts';
import type { ArgumentsMatcher, Expectation, Fixture, FixtureCall } from './fixture.ts';
import { matchesArguments } from './matchers.ts';
import { sameJson } from './sameJson.ts';
import { withoutVolatile } from './volatile.ts';
import { described, shown, times } from './words.ts';

/** A call of a run under judgement. */
export interface JudgedCall extends FixtureCall {
  /** A user answered a text of the agent before this call. */
  readonly asked?: boolean;
}

/** What is judged of a run. */
export interface JudgedRun {
  readonly calls: readonly JudgedCall[];
  readonly finalText: string;
  /** The number of the agent's decisions (default: one a call, and the final answer). */
  readonly steps?: number;
  /** What evaluators said, by id. Only where an expectation asks for one. */
  readonly verdicts?: Readonly<Record<string, VerdictStatus>>;
}

/** The part of a fixture that judging needs. */
export type Expected = Pick<Fixture, 'expect' | 'volatile'>;

/**
 * What a run does against the expectations: one sentence each, `[]` when all hold. They are those of the replay helpers,
 * letter by letter: by them a proof tells that a test is red for the stated reason.
 */
export function judgeCalls({ expect, volatile }: Expected, run: JudgedRun): string[] {
  return expect.flatMap((expectation) => judgeOne(expectation, run, volatile));
}

/** What a run does against one expectation. */
export function judgeOne(expectation: Expectation, run: JudgedRun, volatile: readonly string[]): string[] {
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
      return plain(finalText).includes(plain(expectation.claim))
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

type CallExpectation = Extract<Expectation, { kind: 'mustCall' | 'mustNotCall' }>;

function judgeMustCall(expectation: CallExpectation, calls: readonly JudgedCall[]): string[] {
  const { tool, arguments: args, count } = expectation;
  const found = inOrder(expectation, calls);
  if (count === undefined ? found.length > 0 : found.length === count) return [];
  const often = count === undefined ? '' : ` ${times(count)}`;
  return [`must call ${tool}${described(args)}${inOrderWords(expectation)}${often}: ${made(calls, found)}`];
}

/** Positions of the calls that an expectation speaks of, where they stand as it says. */
function inOrder({ tool, arguments: args, before, after }: CallExpectation, calls: readonly FixtureCall[]): number[] {
  const calledBefore = (other: string, i: number) => calls.slice(0, i).some((call) => call.tool === other);
  return matching(tool, args, calls).filter(
    (i) => (before === undefined || !calledBefore(before, i)) && (after === undefined || calledBefore(after, i)),
  );
}

function inOrderWords({ before, after }: CallExpectation): string {
  return `${before === undefined ? '' : ` before ${before}`}${after === undefined ? '' : ` after ${after}`}`;
}

/** Positions of the calls of a tool with such arguments. */
export function matching(tool: string, args: ArgumentsMatcher, calls: readonly FixtureCall[]): number[] {
  return calls.flatMap((call, i) => (call.tool === tool && matchesArguments(args, call.arguments) ? [i] : []));
}

/** How many calls of a tool are equal to an earlier one, but for volatile arguments. */
export function repeatsOf(tool: string, calls: readonly FixtureCall[], volatile: readonly string[]): number {
  const all = calls.filter((call) => call.tool === tool).map((call) => withoutVolatile(call.arguments, volatile));
  return all.filter((args, i) => all.slice(0, i).some((earlier) => sameJson(earlier, args))).length;
}

function made(calls: readonly FixtureCall[], found: readonly number[]): string {
  if (found.length > 0) return `it was called ${times(found.length)}`;
  return calls.length === 0 ? 'no tool was called' : `the calls were ${calls.map(shown).join('; ')}`;
}

/** As people compare words: whatever the case and the spaces. */
function plain(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ').trim();
}
