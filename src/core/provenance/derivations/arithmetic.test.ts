import fc from 'fast-check';
import { expect, it } from 'vitest';
import { derivationOf } from '../../../../test/support/originOf.ts';

const amount = fc.integer({ min: 10_100, max: 99_999 }).map((cents) => cents / 100);
const money = (value: number) => Math.round(value * 100) / 100;

it('finds the numbers of a sum, a difference, and a sum of three', async () => {
  await fc.assert(
    fc.asyncProperty(amount, amount, amount, fc.nat(2), async (a, b, c, kind) => {
      const value = [money(a + b), money(Math.abs(a - b)), money(a + b + c)][kind] ?? 0;
      fc.pre(value > 110 && new Set([a, b, c]).size === 3 && ![a, b, c].includes(value));
      const given = [`a ${a}`, `b ${b}`, `c ${c}`];
      const derivation = await derivationOf('amount', value, ...given);
      expect(derivation).toMatch(/^arithmetic /);
      for (const part of derivation.split(' ').slice(1)) {
        const [step, quote] = part.split(':');
        expect(Number(quote)).toBe([a, b, c][Number(step) - 1]);
      }
    }),
  );
});

it('leaves alone what no numbers make', async () => {
  expect(await derivationOf('amount', 999, 'a 172.5, b 80')).toBe('nowhere');
});
