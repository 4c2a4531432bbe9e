import { asAmount, combine } from '../numbers.ts';
import type { Derivation } from './derivation.ts';

/** Numbers that arithmetic may use: more, and nearly every amount would be a sum of some three. */
const POOL = 40;

export const arithmetic: Derivation = {
  id: 'arithmetic',
  summary:
    'sums, differences and products of up to three numbers, rounding and hundredths: `252.50` from `172.50` and `80`',
  grounds: ({ index, value, leaf, before }) => {
    const amount = leaf === 'number' ? asAmount(value) : undefined;
    if (amount === undefined) return undefined;
    const pool = index.recentNumbers(before, POOL);
    const made = combine(
      Math.abs(amount),
      pool.map((number) => number.value),
    );
    if (made === undefined) return undefined;
    const parents = made.operands.flatMap((operand) => {
      const text = pool.find((number) => number.value === operand)?.text;
      return text === undefined ? [] : [{ text, sought: { kind: 'number', value: operand } as const }];
    });
    return { how: made.how, parents };
  },
};
