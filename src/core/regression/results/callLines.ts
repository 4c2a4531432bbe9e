import { type Aligned, align } from '../../compare/align.ts';
import { comparedCall } from '../../compare/call.ts';
import { differences, inWords } from '../../compare/differences.ts';
import type { Fixture, FixtureCall } from '../fixture.ts';
import { matchesArguments } from '../matchers.ts';
import { scriptOf } from '../replay/script.ts';
import { sameJson } from '../sameJson.ts';
import { withoutVolatile } from '../volatile.ts';
import { shown } from '../words.ts';

/** One line of what should have been done beside what was done. `after`: made after the last call that is expected. */
export interface CallLine {
  readonly kind: 'same' | 'changed' | 'missing' | 'extra' | 'after';
  /** The recorded call before the decision under test, or the corrected one. */
  readonly expected?: FixtureCall;
  readonly actual?: FixtureCall;
  /** Position of `actual` among the calls that were made. */
  readonly position?: number;
  /** How the two differ, and whether it is what the recorded run did. */
  readonly note?: string;
}

/** The calls of the corrected run (of one decision alone, where only that is tested) beside those that were made. */
export function callLines(fixture: Fixture, calls: readonly FixtureCall[]): CallLine[] {
  const expected = scriptOf(fixture, 'corrected').calls.map(({ tool, arguments: args }) => ({ tool, arguments: args }));
  const volatile = new Set(fixture.volatile.map((pointer) => `/arguments${pointer}`));
  const compared = (call: FixtureCall) =>
    comparedCall({ ...call, argumentsRecorded: true }, (pointer) => volatile.has(pointer));
  const [left, right] = [expected.map(compared), calls.map(compared)];
  const aligned = align(left, right);
  const last = aligned.findLastIndex(({ kind }) => kind !== 'right-only');
  return aligned.flatMap((place, i): CallLine[] => {
    const wanted = 'left' in place ? expected[place.left] : undefined;
    const made = 'right' in place ? calls[place.right] : undefined;
    const kind = kindOf(fixture, place, made, i > last);
    const [a, b] = [left['left' in place ? place.left : -1], right['right' in place ? place.right : -1]];
    const notes = [
      ...(made !== undefined && kind !== 'same' && wasTheBug(fixture, made) ? ['as in the recorded run'] : []),
      ...(kind === 'changed' && a !== undefined && b !== undefined ? [inWords(differences(a, b))] : []),
    ].filter((note) => note !== '');
    return [
      {
        kind,
        ...(wanted && { expected: wanted }),
        ...(made && { actual: made, position: 'right' in place ? place.right : 0 }),
        ...(notes.length > 0 && { note: notes.join('; ') }),
      },
    ];
  });
}

function kindOf(fixture: Fixture, place: Aligned, made: FixtureCall | undefined, isBehind: boolean): CallLine['kind'] {
  switch (place.kind) {
    case 'same':
      return 'same';
    case 'changed':
      return made !== undefined && isAskedFor(fixture, made) ? 'same' : 'changed';
    case 'left-only':
      return 'missing';
    case 'right-only':
      return isBehind && made !== undefined && !wasTheBug(fixture, made) ? 'after' : 'extra';
  }
}

/** Whether a call is what the test wants, in all that it compares. */
function isAskedFor({ expect }: Fixture, { tool, arguments: args }: FixtureCall): boolean {
  return expect.some((one) => one.kind === 'mustCall' && one.tool === tool && matchesArguments(one.arguments, args));
}

function wasTheBug({ failure, volatile }: Fixture, call: FixtureCall): boolean {
  const args = withoutVolatile(call.arguments, volatile);
  return failure.calls.some(
    (failed) => failed.tool === call.tool && sameJson(withoutVolatile(failed.arguments, volatile), args),
  );
}

/** Equal lines that are shown on either side of one that differs. */
const AROUND = 2;

/** The lines as a difference is written for a terminal: what is expected after `-`, what was done after `+`. */
export function differenceText(lines: readonly CallLine[]): string[] {
  const near = (i: number) => lines.slice(Math.max(0, i - AROUND), i + AROUND + 1).some(isFault);
  const text: string[] = [];
  let left = 0;
  const skip = () => {
    if (left > 0) text.push(`  … ${left} more as expected`);
    left = 0;
  };
  for (const [i, line] of lines.entries()) {
    if (!near(i)) {
      left++;
      continue;
    }
    skip();
    const { kind, expected, actual, note } = line;
    if (kind === 'same' || kind === 'after') text.push(`  ${actual === undefined ? '' : shown(actual)}`);
    else {
      if (expected !== undefined) text.push(`- ${shown(expected)}`);
      if (actual !== undefined) text.push(`+ ${shown(actual)}`);
      if (note !== undefined) text.push(`    ${note}`);
    }
  }
  skip();
  return text;
}

/** All calls of one side, for a viewer that finds the differences by itself. */
export function sideText(lines: readonly CallLine[], side: 'expected' | 'actual'): string {
  const calls = lines.flatMap((line) => {
    // What an expectation leaves open, and what comes behind the decision, is no difference.
    const call = line.kind === 'same' || line.kind === 'after' ? line.actual : line[side];
    return call === undefined ? [] : [`${call.tool} ${JSON.stringify(call.arguments, undefined, 2)}`];
  });
  return calls.length === 0 ? 'no call' : calls.join('\n');
}

/** Position of the first call that was made and should not have been, or before which one is missing. */
export function firstFault(lines: readonly CallLine[]): number | undefined {
  const at = lines.findIndex(isFault);
  if (at < 0) return undefined;
  const next = lines.slice(at).find(({ position }) => position !== undefined)?.position;
  return next ?? lines.filter(({ position }) => position !== undefined).length;
}

function isFault({ kind }: CallLine): boolean {
  return kind === 'changed' || kind === 'missing' || kind === 'extra';
}
