import fc from 'fast-check';
import { expect, it } from 'vitest';
import { derivationOf } from '../../../../test/support/originOf.ts';

const hex = fc
  .stringMatching(/^[\da-f]{40}$/)
  .filter((text) => /\d/.test(text.slice(0, 8)) && /[a-f]/.test(text.slice(0, 8)));

it('finds the commit of a short hash', async () => {
  await fc.assert(
    fc.asyncProperty(hex, fc.constantFrom(8, 10, 12), async (hash, length) => {
      const value = hash.slice(0, length);
      fc.pre(/[a-f]/.test(value) && !/^\d+e\d+$/.test(value));
      expect(await derivationOf('commit', value, `commit ${hash}`)).toBe(`substring 1:${hash}`);
    }),
  );
});

it('says nothing by the last four digits of one of many', async () => {
  const many = Array.from({ length: 500 }, (_, i) => `AB${7_001_000 + i}`);
  expect(await derivationOf('last', '1499', 'AB7001499')).toMatch(/^(?:direct|substring) 1:/);
  expect(await derivationOf('last', '1499', 'x', many.join(' '))).toBe('nowhere');
});
