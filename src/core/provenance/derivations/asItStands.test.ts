import fc from 'fast-check';
import { expect, it } from 'vitest';
import { derivationOf } from '../../../../test/support/originOf.ts';

const identifier = fc
  .tuple(fc.stringMatching(/^[A-Z]{2,4}$/), fc.integer({ min: 10_000, max: 9_999_999 }))
  .map(([letters, digits]) => `${letters}${digits}`);
const prose = fc.stringMatching(/^[a-z ,.]{0,40}$/);

it('finds an identifier wherever it stands, to the letter', async () => {
  await fc.assert(
    fc.asyncProperty(identifier, prose, prose, fc.nat(2), async (id, a, b, at) => {
      const given = ['nothing', 'else', 'here'];
      given[at] = `${a} "${id}" ${b}`;
      expect(await derivationOf('order_id', id, ...given)).toBe(`direct ${at + 1}:${id}`);
    }),
  );
});

it('asks for all words of a value, but for single characters', async () => {
  expect(await derivationOf('city', 'New York', 'to New York')).toBe('direct 1:New York');
  expect(await derivationOf('city', 'New Yorkshire', 'to New York')).toBe('nowhere');
  expect(await derivationOf('phone', '+1 555 010 9999', 'at +1 555 010 9999')).toBe('direct 1:+1 555 010 9999');
});
