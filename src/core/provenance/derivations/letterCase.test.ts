import fc from 'fast-check';
import { expect, it } from 'vitest';
import { derivationOf } from '../../../../test/support/originOf.ts';

const identifier = fc
  .tuple(fc.stringMatching(/^[A-Z]{2,4}$/), fc.integer({ min: 10_000, max: 9_999_999 }))
  .map(([letters, digits]) => `${letters}${digits}`);
const prose = fc.stringMatching(/^[a-z ,.]{0,40}$/);

it('is told where only the case differs', async () => {
  await fc.assert(
    fc.asyncProperty(identifier, prose, prose, async (id, a, b) => {
      expect(await derivationOf('order_id', id.toLowerCase(), `${a} ${id} ${b}`)).toBe(`case 1:${id}`);
    }),
  );
});
