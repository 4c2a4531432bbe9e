import { assertNever } from '../util/assertNever.ts';
import type { Json } from '../util/json.ts';
import type { ArgumentsMatcher, Expectation, FixtureCall } from './fixture.ts';
import { isMatcher, matchesArguments, sameJson } from './matchers.ts';

/** A call of a run under judgement. */
export interface JudgedCall extends FixtureCall {
  /** A user answered a text of the agent before this call. */
  readonly asked?: boolean;
}

/**
 * What calls and final text do against the expectations: one sentence each, `[]` when all hold. The sentences are those
 * of the replay helpers, letter by letter: by them a proof tells that a test is red for the stated reason. `steps` is
 * the number of the agent's decisions (default: one a call, and the final answer).
 */
export function judgeCalls(
  expect: readonly Expectation[],
  calls: readonly JudgedCall[],
  finalText: string,
  steps = calls.length + 1,
): string[] {
  return expect.flatMap((expectation) => judgeOne(expectation, calls, finalText, steps));
}

function judgeOne(expectation: Expectation, calls: readonly JudgedCall[], finalText: string, steps: number): string[] {
  switch (expectation.kind) {
    case 'mustCall':
      return judgeMustCall(expectation, calls);
    case 'mustNotCall': {
      const { tool, arguments: args } = expectation;
      return matching(tool, args, calls).map((i) => `must not call ${tool}${described(args)}: call ${i + 1} did`);
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
      const repeats = calls.filter((call, i) => {
        const same = (other: FixtureCall) => other.tool === tool && sameJson(other.arguments, call.arguments);
        return call.tool === tool && calls.slice(0, i).some(same);
      }).length;
      return repeats > count ? [`must not repeat ${tool} more than ${times(count)}, did ${times(repeats)}`] : [];
    }
    default:
      return assertNever(expectation);
  }
}

function judgeMustCall(
  { tool, arguments: args, count, before, after }: Extract<Expectation, { kind: 'mustCall' }>,
  calls: readonly JudgedCall[],
): string[] {
  const calledBefore = (other: string, i: number) => calls.slice(0, i).some((call) => call.tool === other);
  const inOrder = matching(tool, args, calls).filter(
    (i) => (before === undefined || !calledBefore(before, i)) && (after === undefined || calledBefore(after, i)),
  );
  if (count === undefined ? inOrder.length > 0 : inOrder.length === count) return [];
  const order = `${before === undefined ? '' : ` before ${before}`}${after === undefined ? '' : ` after ${after}`}`;
  const often = count === undefined ? '' : ` ${times(count)}`;
  return [`must call ${tool}${described(args)}${order}${often}: ${made(calls, inOrder)}`];
}

/** Positions of the calls that an expectation speaks of. */
export function matching(tool: string, args: ArgumentsMatcher, calls: readonly FixtureCall[]): number[] {
  return calls.flatMap((call, i) => (call.tool === tool && matchesArguments(args, call.arguments) ? [i] : []));
}

function made(calls: readonly FixtureCall[], inOrder: readonly number[]): string {
  if (inOrder.length > 0) return `it was called ${times(inOrder.length)}`;
  if (calls.length === 0) return 'no tool was called';
  return `the calls were ${calls.map(({ tool, arguments: args }) => `${tool}(${brief(args)})`).join('; ')}`;
}

/** A wanted call's arguments in words: ` with order_id A-1042, amount number 20 ± 0.5`. */
export function described(args: ArgumentsMatcher): string {
  const named = Object.entries(args).map(([name, matcher]) => {
    if (!isMatcher(matcher)) return `${name} ${brief(matcher)}`;
    const { $match, ...rest } = matcher;
    return `${name} ${$match} ${Object.values(rest).map(brief).join(' ± ')}`.trimEnd();
  });
  return named.length === 0 ? '' : ` with ${named.join(', ')}`;
}

function brief(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function plain(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ').trim();
}
