import fc from 'fast-check';
import { expect, it } from 'vitest';
import { derivationOf } from '../../../../test/support/originOf.ts';

const prose = fc.stringMatching(/^[a-z ,.]{0,40}$/);
const words = fc.stringMatching(/^[a-z]{3,8}$/);

it('is found encoded and decoded', async () => {
  await fc.assert(
    fc.asyncProperty(words, words, fc.constantFrom(' ', 'é', '&', '=', '/é'), prose, async (a, b, sign, c) => {
      const plain = `${a}${sign}${b}77`;
      const encoded = encodeURIComponent(plain);
      expect(await derivationOf('q', encoded, `${c}; ${plain} `)).toBe(`url-encoded 1:${plain}`);
      expect(await derivationOf('q', plain, `${c}; ${encoded} `)).toBe(`url-encoded 1:${encoded}`);
    }),
  );
});
