import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { formatsPage } from '../support/formatFields.ts';

const root = resolve(import.meta.dirname, '../..');

it('generates docs/formats.md from the samples of the corpus', async () => {
  await expect(await formatsPage(resolve(root, 'test/corpus'))).toMatchFileSnapshot(resolve(root, 'docs/formats.md'));
});
