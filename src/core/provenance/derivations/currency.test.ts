import fc from 'fast-check';
import { expect, it } from 'vitest';
import { derivationOf } from '../../../../test/support/originOf.ts';

const prose = fc.stringMatching(/^[a-z ,.]{0,40}$/);
const amount = fc.integer({ min: 10_001, max: 9_999_999 }).map((cents) => cents / 100);

it('is told where one of both has a currency', async () => {
  await fc.assert(
    fc.asyncProperty(amount, prose, fc.constantFrom('$', '€', '£'), async (value, a, sign) => {
      expect(await derivationOf('amount', value, `${a} ${sign}${value} `)).toBe(`currency 1:${sign}${value}`);
      expect(await derivationOf('amount', `${sign}${value}`, `${a} ${value} `)).toBe(`currency 1:${value}`);
    }),
  );
  expect(await derivationOf('amount', 1234, 'it is 1,234 EUR')).toBe('currency 1:1,234 EUR');
});
