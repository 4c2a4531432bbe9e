import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { EVALUATORS } from '../../src/core/evaluators/registry.ts';
import { evaluatorsPage, evaluatorsTable } from '../support/evaluatorDocs.ts';

const root = resolve(import.meta.dirname, '../..');
const updating = process.argv.includes('-u') || process.argv.includes('--update');

it('generates docs/evaluators.md from the evaluators', async () => {
  await expect(evaluatorsPage(EVALUATORS)).toMatchFileSnapshot(resolve(root, 'docs/evaluators.md'));
});

it('keeps the table of evaluators in the README', () => {
  const path = resolve(root, 'README.md');
  const readme = readFileSync(path, 'utf8');
  const between = /(<!-- evaluators:begin -->\n)([\s\S]*?)(<!-- evaluators:end -->)/;
  const wanted = `${evaluatorsTable(EVALUATORS)}\n`;
  if (updating)
    writeFileSync(
      path,
      readme.replace(between, (_all, begin, _table, end) => `${begin}${wanted}${end}`),
    );
  expect(between.exec(readFileSync(path, 'utf8'))?.[2]).toBe(wanted);
});
