import { expect, it } from 'vitest';
import { inARow } from './inARow.ts';

it('says of a sample how likely k runs in a row hold, and how little a few runs tell', () => {
  const [one, two, three, ...more] = inARow(4, 5);
  expect(one?.value).toBeCloseTo(4 / 5);
  // C(4, 2) / C(5, 2)
  expect(two?.value).toBeCloseTo(6 / 10);
  expect(three?.value).toBeCloseTo(4 / 10);
  expect(more.map(({ value }) => value)).toEqual([expect.closeTo(1 / 5), 0]);
  expect(one).toMatchObject({ low: expect.closeTo(0.3755, 3), high: expect.closeTo(0.9638, 3) });
  expect(two).toMatchObject({ low: expect.closeTo(0.141, 3), high: expect.closeTo(0.9288, 3) });
});

it('never lets a value stand outside its interval when all runs or none hold', () => {
  for (const passed of [0, 6]) {
    for (const { value, low, high } of inARow(passed, 6)) {
      expect(value).toBeGreaterThanOrEqual(low - 1e-12);
      expect(value).toBeLessThanOrEqual(high + 1e-12);
    }
  }
});

it('has nothing to say of no runs', () => expect(inARow(0, 0)).toEqual([]));
