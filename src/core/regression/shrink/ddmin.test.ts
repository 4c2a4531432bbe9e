import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ddmin } from './ddmin.ts';

const numbers = (count: number) => Array.from({ length: count }, (_one, i) => i);

it('finds what is needed, in its order', async () => {
  expect(await ddmin(numbers(1000), (left) => [3, 500, 999].every((one) => left.includes(one)))).toEqual([3, 500, 999]);
  expect(await ddmin(numbers(8), () => true)).toEqual([]);
  expect(await ddmin([], () => false)).toEqual([]);
  expect(await ddmin([1], (left) => left.length === 1)).toEqual([1]);
});

it('leaves nothing that could be left out by itself, whatever is asked', async () => {
  const asked = fc.array(fc.array(fc.nat(19), { minLength: 1, maxLength: 3 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.nat(20), asked, async (count, anyOf) => {
      // Of each list one is needed, if there is any: that is not monotone in the items that are asked of.
      const holds = (left: readonly number[]) =>
        anyOf.every((some) => some.every((one) => one >= count) || some.some((one) => left.includes(one)));
      const left = await ddmin(numbers(count), holds);
      return holds(left) && left.every((_one, i) => !holds(left.toSpliced(i, 1)));
    }),
    { seed: 20261121, numRuns: 300 },
  );
});

it('ends with what it has when it is stopped', async () => {
  let asked = 0;
  const left = await ddmin(
    numbers(1000),
    (some) => ++asked > 0 && some.includes(7),
    () => asked >= 3,
  );
  expect(left).toContain(7);
  expect(left.length).toBeGreaterThan(1);
});
