import fc from 'fast-check';
import { expect, it } from 'vitest';
import { derivationOf } from '../../../../test/support/originOf.ts';

const prose = fc.stringMatching(/^[a-z ,.]{0,40}$/);

it('is told where only the commas differ', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1001, max: 99_999_999 }), prose, fc.boolean(), async (amount, a, isText) => {
      fc.pre(amount % 1000 > 0);
      const set = amount.toLocaleString('en-US');
      expect(await derivationOf('amount', amount, `${a} ${set} `)).toBe(`thousands 1:${set}`);
      if (isText) expect(await derivationOf('amount', set, `${a} ${amount} `)).toBe(`thousands 1:${amount}`);
    }),
  );
});
