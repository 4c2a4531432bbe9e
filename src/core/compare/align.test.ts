import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../util/json.ts';
import { type Aligned, align, firstDivergence } from './align.ts';
import { type ComparedCall, comparedCall } from './call.ts';

const call = (tool: string, args: JsonObject = {}): ComparedCall =>
  comparedCall({ tool, arguments: args, argumentsRecorded: true });

/** Few tools and values, so that calls repeat as they do in runs. */
const calls = fc.array(
  fc
    .record({ tool: fc.constantFrom('look', 'cancel', 'pay'), id: fc.nat(3), more: fc.nat(2) })
    .map(({ tool, ...args }) => call(tool, args)),
  { maxLength: 40 },
);

const leftOf = (place: Aligned) => (place.kind === 'right-only' ? [] : [place.left]);
const rightOf = (place: Aligned) => (place.kind === 'left-only' ? [] : [place.right]);
const count = (aligned: readonly Aligned[], kind: Aligned['kind']) => aligned.filter((a) => a.kind === kind).length;
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

describe('align', () => {
  it('lays equal runs side by side, totally', () => {
    fc.assert(
      fc.property(calls, (run) => {
        expect(align(run, [...run])).toEqual(run.map((_, i) => ({ kind: 'same', left: i, right: i })));
      }),
    );
  });

  it('holds every call once, each list in its own order', () => {
    fc.assert(
      fc.property(calls, calls, (left, right) => {
        const aligned = align(left, right);
        expect(aligned.flatMap(leftOf)).toEqual(upTo(left.length));
        expect(aligned.flatMap(rightOf)).toEqual(upTo(right.length));
        for (const place of aligned) {
          if (place.kind === 'same') expect(left[place.left]?.key).toBe(right[place.right]?.key);
          if (place.kind === 'changed') expect(left[place.left]?.key).not.toBe(right[place.right]?.key);
        }
      }),
    );
  });

  it('is the same the other way round', () => {
    fc.assert(
      fc.property(calls, calls, (left, right) => {
        const [there, back] = [align(left, right), align(right, left)];
        expect(
          back.flatMap((place) => ('right' in place && 'left' in place ? [[place.right, place.left]] : [])),
        ).toEqual(there.flatMap((place) => ('right' in place && 'left' in place ? [[place.left, place.right]] : [])));
        expect(count(back, 'left-only')).toBe(count(there, 'right-only'));
      }),
    );
  });

  it('shows k calls that were left out, or put in, as k gaps', () => {
    fc.assert(
      fc.property(calls, fc.infiniteStream(fc.boolean()), (run, keeps) => {
        const rest = run.filter(() => keeps.next().value === true);
        const without = align(run, rest);
        expect([count(without, 'same'), count(without, 'left-only'), count(without, 'changed')]).toEqual([
          rest.length,
          run.length - rest.length,
          0,
        ]);
        expect(count(align(rest, run), 'right-only')).toBe(run.length - rest.length);
      }),
    );
  });

  it('lets one tool with other arguments face itself, and says where runs part', () => {
    const left = [call('find', { name: 'Ann' }), call('look', { id: 1 }), call('cancel', { id: 1, why: 'twice' })];
    const right = [call('find', { name: 'Ann' }), call('cancel', { id: 2, why: 'twice' }), call('mail', { to: 'Ann' })];
    const aligned = align(left, right);
    expect(aligned).toEqual([
      { kind: 'same', left: 0, right: 0 },
      { kind: 'left-only', left: 1 },
      { kind: 'changed', left: 2, right: 1 },
      { kind: 'right-only', right: 2 },
    ]);
    expect(firstDivergence(aligned)).toEqual({ kind: 'left-only', left: 1 });
    expect(firstDivergence(align(left, left))).toBeUndefined();
  });

  it('lets other tools face one another when nothing better remains', () => {
    expect(align([call('a'), call('b')], [call('a'), call('c')])).toEqual([
      { kind: 'same', left: 0, right: 0 },
      { kind: 'changed', left: 1, right: 1 },
    ]);
  });

  it('ends with long runs that have nothing, or little, in common', () => {
    const one = upTo(3000).map((i) => call('look', { id: i }));
    const other = upTo(2500).map((i) => call('look', { id: i % 7 === 0 ? i : -i }));
    const aligned = align(one, other);
    expect(aligned.flatMap(leftOf)).toEqual(upTo(3000));
    expect(aligned.flatMap(rightOf)).toEqual(upTo(2500));
    // Each seventh is the only one of its kind in both.
    expect(count(aligned, 'same')).toBe(Math.ceil(2500 / 7));
    expect(
      align(
        one.slice(0, 900),
        upTo(900).map((i) => call('pay', { id: i })),
      ).length,
    ).toBeGreaterThanOrEqual(900);
  });
});
