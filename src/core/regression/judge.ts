import { assertNever } from '../util/assertNever.ts';
import { canonicalJson } from '../util/canonical.ts';
import type { JsonObject } from '../util/json.ts';
import type { Bindings } from './compareTexts.ts';
import type { ArgumentsMatcher, Expectation } from './fixture.ts';
import { cut } from './guardedRegExp.ts';
import { type Difference, differences, wantedText } from './matchers.ts';
import type { Trajectory, TrajectoryCall } from './trajectory.ts';
import { withoutVolatile } from './volatile.ts';

export interface JudgeOptions {
  /** JSON pointers into a call's arguments that are left out when calls are compared with each other. */
  readonly volatile?: readonly string[];
  readonly bindings?: Bindings;
}

/**
 * What a trajectory does against the expectations: one sentence each, `[]` when all hold. The sentences are the same,
 * letter by letter, as those of the replay helpers, so that a proof can tell that a test is red for the stated reason.
 */
export function judgeCalls(
  expect: readonly Expectation[],
  trajectory: Trajectory,
  options: JudgeOptions = {},
): string[] {
  return expect.flatMap((expectation) => judgeOne(expectation, trajectory, options));
}

function judgeOne(expectation: Expectation, trajectory: Trajectory, options: JudgeOptions): string[] {
  const { calls, finalText } = trajectory;
  const { volatile = [], bindings = {} } = options;
  switch (expectation.kind) {
    case 'mustCall':
      return judgeMustCall(expectation, calls, bindings);
    case 'mustNotCall':
      return calls.flatMap((call, i) => {
        if (call.tool !== expectation.tool) return [];
        const found = differences(expectation.arguments, call.arguments, bindings);
        if (found.length === 0) return [`Call ${i + 1} must not be made: ${callText(call)}.`];
        return found.every((difference) => difference.hidden) ? [cannotTell(i, call, 'the forbidden one', found)] : [];
      });
    case 'mustAskBefore':
      return calls.flatMap((call, i) =>
        call.tool === expectation.tool && call.asked !== true
          ? [`Call ${i + 1} was made without asking the user first: ${callText(call)}.`]
          : [],
      );
    case 'finalMustNotClaim':
      return plain(finalText).includes(plain(expectation.claim))
        ? [`The final answer must not claim ${JSON.stringify(expectation.claim)}.`]
        : [];
    case 'maxSteps':
      return calls.length > expectation.count
        ? [`${calls.length} tool calls were made; at most ${expectation.count} are allowed.`]
        : [];
    case 'maxRepeats':
      return judgeRepeats(expectation.tool, expectation.count, calls, volatile);
    default:
      return assertNever(expectation);
  }
}

function judgeMustCall(
  expectation: Extract<Expectation, { kind: 'mustCall' }>,
  calls: readonly TrajectoryCall[],
  bindings: Bindings,
): string[] {
  const { tool, before, after, count = 1 } = expectation;
  const compared = calls.map((call) =>
    call.tool === tool ? differences(expectation.arguments, call.arguments, bindings) : undefined,
  );
  const places = compared.flatMap((found, i) => (found?.length === 0 ? [i] : []));
  const wanted = wantedCallText(tool, expectation.arguments);
  if (places.length < count) {
    const hidden = compared.findIndex(
      (found) => found !== undefined && found.length > 0 && found.every((d) => d.hidden),
    );
    const call = calls[hidden];
    if (call !== undefined) return [cannotTell(hidden, call, 'the demanded one', compared[hidden] ?? [])];
    const times = places.length === 0 ? 'was never made' : `was made ${places.length} of ${count} times`;
    return [`The call ${wanted} ${times}. ${nearestCall(tool, compared)}`];
  }
  const [first = 0] = places;
  const other = before ?? after;
  const at = calls.findIndex((call) => call.tool === other);
  if (before !== undefined && at >= 0 && at < first) {
    return [
      `The call ${wanted} must come before ${before}, but it is call ${first + 1} and ${before} is call ${at + 1}.`,
    ];
  }
  if (after !== undefined && (at < 0 || at > first)) {
    return [
      `The call ${wanted} must come after ${after}, but it is call ${first + 1} and ${at < 0 ? `${after} was not called` : `${after} is call ${at + 1}`}.`,
    ];
  }
  return [];
}

/** Explains the call of the same tool that differs least. */
function nearestCall(tool: string, compared: readonly (readonly Difference[] | undefined)[]): string {
  let nearest = -1;
  for (const [i, found] of compared.entries()) {
    const best = compared[nearest];
    if (found !== undefined && found.length > 0 && (best === undefined || found.length < best.length)) nearest = i;
  }
  const found = compared[nearest];
  if (found !== undefined) return `Call ${nearest + 1} is nearest: ${differencesText(found)}.`;
  return compared.some((other) => other !== undefined)
    ? `No other call of ${tool} was made.`
    : `${tool} was not called at all.`;
}

function judgeRepeats(
  tool: string,
  most: number,
  calls: readonly TrajectoryCall[],
  volatile: readonly string[],
): string[] {
  const counts = new Map<string, { call: TrajectoryCall; count: number }>();
  for (const call of calls) {
    if (call.tool !== tool) continue;
    const key = canonicalJson(withoutVolatile(call.arguments, volatile));
    counts.set(key, { call, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].flatMap(({ call, count }) =>
    count > most ? [`The same call was made ${count} times, but at most ${most} is allowed: ${callText(call)}.`] : [],
  );
}

/** The first three differences: `/order_id is "A-1050", not "A-1042"`. */
export function differencesText(found: readonly Difference[]): string {
  const more = found.length > 3 ? `, and ${found.length - 3} more` : '';
  return `${found
    .slice(0, 3)
    .map(({ pointer, got, wanted }) => `${pointer} is ${got}, not ${wanted}`)
    .join(', ')}${more}`;
}

function cannotTell(index: number, call: TrajectoryCall, which: string, found: readonly Difference[]): string {
  const places = found.map(({ pointer, wanted }) => `${pointer} (${wanted})`).join(', ');
  return `Can't tell whether call ${index + 1} is ${which}, because the fixture has secrets redacted at ${places}: ${callText(call)}.`;
}

/** A call as it is written in sentences: `cancel_order({"order_id":"A-1042"})`. */
export function callText(call: { readonly tool: string; readonly arguments: JsonObject }): string {
  return `${call.tool}(${cut(canonicalJson(call.arguments), 300)})`;
}

/** A wanted call as it is written in sentences: `refund({"amount": 20 ± 0.5})`. */
export function wantedCallText(tool: string, wanted: ArgumentsMatcher): string {
  const parts = Object.entries(wanted).map(([name, matcher]) => `${JSON.stringify(name)}: ${wantedText(matcher)}`);
  return `${tool}({${parts.join(', ')}})`;
}

function plain(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ').trim();
}
