import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRun } from '../../../test/support/makeRun.ts';
import type { StepRow } from '../trace/model.ts';
import { back, into, next, out, over, previous, type Rows } from './cursor.ts';

/** Rows of a tree given by depths: `[0, 1, 1, 0]` is a step with two nested ones and a step after it. */
function rowsOf(depths: readonly number[], childRuns: Record<number, string[]> = {}): Rows {
  const legal: number[] = [];
  for (const depth of depths) legal.push(Math.min(depth, (legal.at(-1) ?? -1) + 1));
  const rows: StepRow[] = legal.map((depth, index) => {
    let parent = index - 1;
    while (parent >= 0 && (legal[parent] ?? 0) >= depth) parent--;
    let end = index + 1;
    while (end < legal.length && (legal[end] ?? 0) > depth) end++;
    const [made] = makeRun([{ says: `${index}` }]).steps;
    if (made === undefined) throw new Error('no step');
    return { ...made, index, depth, parent, end, childRuns: childRuns[index] ?? [] };
  });
  return { length: rows.length, at: (index) => rows[index] };
}

describe('cursor', () => {
  const rows = rowsOf([0, 1, 2, 1, 0], { 4: ['child'] });

  it('steps over a sub-agent, into it, and out of it', () => {
    expect(over(rows, 0)).toEqual({ to: 'step', step: 4 });
    expect(into(rows, 0)).toEqual({ to: 'step', step: 1 });
    expect(into(rows, 1)).toEqual({ to: 'step', step: 2 });
    expect(out(rows, 2)).toEqual({ to: 'step', step: 1 });
    expect(out(rows, 0)).toEqual({ to: 'parent-run' });
  });

  it('steps into a sub-agent that is a run of its own', () => {
    expect(into(rows, 4)).toEqual({ to: 'run', run: 'child' });
  });

  it('steps into like over where there is nothing inside', () => {
    expect(into(rows, 2)).toEqual(over(rows, 2));
  });

  it('steps back to the sibling before, or to the parent from a first child', () => {
    expect(back(rows, 4)).toEqual({ to: 'step', step: 0 });
    expect(back(rows, 3)).toEqual({ to: 'step', step: 1 });
    expect(back(rows, 1)).toEqual({ to: 'step', step: 0 });
    expect(back(rows, 0)).toEqual({ to: 'nowhere' });
  });

  it('ends at both ends', () => {
    expect(over(rows, 4)).toEqual({ to: 'nowhere' });
    expect(next(rows, 4)).toEqual({ to: 'nowhere' });
    expect(previous(rows, 0)).toEqual({ to: 'nowhere' });
  });

  it('goes back to where over came from, whenever both are on one level', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { minLength: 1, maxLength: 40 }), (depths) => {
        const tree = rowsOf(depths);
        for (let i = 0; i < tree.length; i++) {
          const move = over(tree, i);
          if (move.to !== 'step') continue;
          expect(move.step).toBeGreaterThan(i);
          if (tree.at(move.step)?.depth === tree.at(i)?.depth)
            expect(back(tree, move.step)).toEqual({ to: 'step', step: i });
        }
      }),
    );
  });

  it('reaches every step by stepping into from the first', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { minLength: 1, maxLength: 40 }), (depths) => {
        const tree = rowsOf(depths);
        const seen = [0];
        for (let move = into(tree, 0); move.to === 'step'; move = into(tree, move.step)) seen.push(move.step);
        expect(seen).toEqual([...Array(tree.length).keys()]);
      }),
    );
  });
});
