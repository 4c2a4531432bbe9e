import fc from 'fast-check';
import { expect, it } from 'vitest';
import { derivationOf } from '../../../../test/support/originOf.ts';

const words = fc.stringMatching(/^[a-z]{3,8}$/);

it('is found as deep in JSON inside of strings as people nest it', async () => {
  await fc.assert(
    fc.asyncProperty(
      words,
      words,
      fc.constantFrom('\\', '"', '\u00e9'),
      fc.integer({ min: 1, max: 3 }),
      async (a, b, sign, deep) => {
        const plain = `${a}77${sign}${b}`;
        let given = plain;
        for (let i = 0; i < deep; i++) given = JSON.stringify(given).slice(1, -1);
        fc.pre(given !== plain);
        expect(await derivationOf('path_of', plain, `id: '${given}' `)).toBe(`json-escaped 1:${given}`);
        expect(await derivationOf('path_of', given, `id: '${plain}' `)).toBe(`json-escaped 1:${plain}`);
      },
    ),
  );
});

it('is found where a writer keeps to ASCII', async () => {
  expect(await derivationOf('q', 'café77', String.raw`{"q":"caf\u00e977"}`)).toBe(
    String.raw`json-escaped 1:caf\u00e977`,
  );
});
