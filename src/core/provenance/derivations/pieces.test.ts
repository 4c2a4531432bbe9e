import fc from 'fast-check';
import { expect, it } from 'vitest';
import { derivationOf } from '../../../../test/support/originOf.ts';

const identifier = fc
  .tuple(fc.stringMatching(/^[A-Z]{2,4}$/), fc.integer({ min: 10_000, max: 9_999_999 }))
  .map(([letters, digits]) => `${letters}${digits}`);

it('shows what an identifier was put together from', async () => {
  await fc.assert(
    fc.asyncProperty(identifier, fc.stringMatching(/^[a-z]{5}$/), async (id, word) => {
      expect(await derivationOf('name', `${word}_${id}`, `the ${word} of`, `order ${id}`)).toBe(
        `pieces 2:${id} 1:${word}`,
      );
      const digits = id.replace(/\D/g, '');
      expect(await derivationOf('name', `${word}${digits}`, `the ${word} of`, `order ${digits}`)).toMatch(
        /^pieces [12]:/,
      );
    }),
  );
});

it('is not told by a few digits, which are in any text', async () => {
  expect(await derivationOf('name', 'ORD1234', 'ORD and 1234')).toBe('nowhere');
});
