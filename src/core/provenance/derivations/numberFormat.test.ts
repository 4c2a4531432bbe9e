import fc from 'fast-check';
import { expect, it } from 'vitest';
import { derivationOf } from '../../../../test/support/originOf.ts';

it.each<[number | string, string, string]>([
  [1234.5, 'total 1.234,50', 'number-format 1:1.234,50'],
  [5250, 'about 5.25k', 'number-format 1:5.25k'],
  [-125, 'minus 125', 'number-format 1:125'],
  [125, 'total 125.00', 'number-format 1:125.00'],
  [125, 'total 126.00', 'nowhere'],
])('%o from %s', async (value, given, expected) => {
  expect(await derivationOf('amount', value, given)).toBe(expected);
});

it('finds any amount with as many zeros as are written', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 101, max: 99_999 }), fc.integer({ min: 1, max: 4 }), async (amount, zeros) => {
      fc.pre(amount % 100 > 0);
      const given = amount.toFixed(zeros);
      expect(await derivationOf('amount', amount, `total ${given} `)).toBe(`number-format 1:${given}`);
    }),
  );
});
