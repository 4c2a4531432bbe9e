import fc from 'fast-check';
import { expect, it } from 'vitest';
import { derivationOf } from '../../../../test/support/originOf.ts';

const name = fc.stringMatching(/^[a-z]{4,9}$/);

it('shows the folder and the file', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(name, { minLength: 4, maxLength: 4 }),
      fc.constantFrom('/', '\\'),
      async (names, sign) => {
        const [a = '', b = '', c = '', d = ''] = names;
        const folder = `${sign}${a}${sign}${b}`;
        const file = `${c}${sign}${d}.txt`;
        fc.pre(sign === '/');
        expect(await derivationOf('file', `${folder}${sign}${file}`, `in ${folder}`, `found ${file}`)).toBe(
          `path-join 1:${folder} 2:${file}`,
        );
      },
    ),
  );
});
