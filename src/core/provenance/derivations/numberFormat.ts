import type { Json } from '../../util/json.ts';
import { asAmount } from '../numbers.ts';
import { type Derivation, standsIn } from './derivation.ts';

/** A number that was given, however it was written. */
export const numberFormat: Derivation = {
  id: 'number-format',
  summary: 'the same number in another format: `1234.5` from `1.234,50`, `5000` from `5k`',
  grounds: ({ index, value, leaf, before }) => {
    if (leaf !== 'number' && leaf !== 'identifier' && typeof value !== 'number') return undefined;
    const amount = asAmount(value);
    if (amount === undefined) return undefined;
    return standsIn(index.number(amount, before).given, { kind: 'number', value: amount });
  },
  spelling: (quote, value) => (sameAmount(quote, value) ? 'another way to write the number' : undefined),
};

/** True for two ways to write one amount; a sign before it doesn't count. */
export function sameAmount(quote: string, value: Json): boolean {
  const amount = asAmount(value);
  const quoted = asAmount(quote);
  return amount !== undefined && quoted !== undefined && Math.abs(amount) === Math.abs(quoted);
}
