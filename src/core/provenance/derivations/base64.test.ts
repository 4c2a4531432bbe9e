import fc from 'fast-check';
import { expect, it } from 'vitest';
import { derivationOf } from '../../../../test/support/originOf.ts';

const prose = fc.stringMatching(/^[a-z ,.]{0,40}$/);
const word = fc.stringMatching(/^[A-Z]{2}\d{5,9}[é]?$/);

it('is found encoded and decoded, for URLs too', async () => {
  await fc.assert(
    fc.asyncProperty(word, prose, fc.constantFrom('base64' as const, 'base64url' as const), async (plain, a, form) => {
      const encoded = Buffer.from(plain).toString(form);
      expect(await derivationOf('token', encoded, `${a}; ${plain} `)).toBe(`base64 1:${plain}`);
      const quote = encoded.replace(/=+$/, '');
      expect(await derivationOf('token', plain, `${a}; ${encoded} `)).toMatch(new RegExp(`^base64 1:${quote}=*$`));
    }),
  );
});

it('takes no word for base64 that decodes to rubbish', async () => {
  expect(await derivationOf('token', 'abcd1234efgh', 'nothing')).toBe('nowhere');
});
