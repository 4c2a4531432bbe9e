import fc from 'fast-check';
import { expect, it } from 'vitest';
import { derivationOf } from '../../../../test/support/originOf.ts';

const prose = fc.stringMatching(/^[a-z ,.]{0,40}$/);
const parts = fc.array(fc.stringMatching(/^[A-Z]{2}\d{3}$/), { minLength: 2, maxLength: 4 });
const sign = fc.constantFrom('-', '_', '.', ' ', '');

it('is told where only signs between letters and digits differ', async () => {
  await fc.assert(
    fc.asyncProperty(parts, sign, sign, prose, async (words, one, other, a) => {
      fc.pre(one !== other);
      const [value, given] = [words.join(one), words.join(other)];
      const derivation = await derivationOf('order_id', value, `${a} ${given} `);
      // Each part may be in the text again, and a value without signs is one word, which nothing cuts.
      fc.pre(one !== '' || derivation !== 'nowhere');
      expect(derivation).toBe(`separators 1:${given}`);
    }),
  );
});

it('does not mix up what only begins alike', async () => {
  expect(await derivationOf('order_id', 'AB-12345', 'AB-123456')).toBe('nowhere');
});
