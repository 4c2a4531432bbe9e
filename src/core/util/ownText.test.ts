import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ownText } from './ownText.ts';

it('gives the characters that a slice gives', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), fc.nat(3000), fc.nat(3000), (text, a, b) => {
      expect(ownText(text, Math.min(a, b), Math.max(a, b))).toBe(text.slice(Math.min(a, b), Math.max(a, b)));
      expect(ownText(text)).toBe(text);
    }),
    { numRuns: 30 },
  );
});
