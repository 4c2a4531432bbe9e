import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { everyStep, foldedSteps, onlySteps } from './visibleList.ts';

describe('visible lists', () => {
  it('shows every step', () => {
    const list = everyStep(3);
    expect([0, 1, 2].map(list.indexAt)).toEqual([0, 1, 2]);
    expect(list.positionOf(2)).toBe(2);
  });

  it('shows what a filter keeps, and finds the nearest before what it dropped', () => {
    const list = onlySteps([2, 5, 9]);
    expect([0, 1, 2].map(list.indexAt)).toEqual([2, 5, 9]);
    expect([1, 2, 7, 20].map(list.positionOf)).toEqual([-1, 0, 1, 2]);
  });

  it('hides what is inside folded steps', () => {
    const list = foldedSteps(10, [
      { at: 6, end: 8 },
      { at: 1, end: 5 },
      { at: 2, end: 4 },
    ]);
    expect([...Array(list.count).keys()].map(list.indexAt)).toEqual([0, 1, 5, 6, 8, 9]);
    expect(list.positionOf(3)).toBe(1);
    expect(list.positionOf(8)).toBe(4);
  });

  it('finds every shown step at its own position, whatever is folded', () => {
    const fold = fc.tuple(fc.nat(50), fc.nat(20)).map(([at, length]) => ({ at, end: at + 1 + length }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.array(fold, { maxLength: 8 }), (count, folds) => {
        const inside = folds.filter((f) => f.at < count);
        const list = foldedSteps(count, inside);
        const shown = [...Array(list.count).keys()].map(list.indexAt);
        expect(shown).toEqual([...shown].sort((a, b) => a - b));
        expect(shown.map(list.positionOf)).toEqual([...shown.keys()]);
        expect(shown.every((index) => index >= 0 && index < count)).toBe(true);
      }),
    );
  });
});
