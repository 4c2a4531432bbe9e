import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { COHORT_EVALUATORS } from '../../src/core/cohort/registry.ts';
import { EVALUATORS } from '../../src/core/evaluators/registry.ts';
import { RUBRICS } from '../../src/core/judge/rubrics.ts';
import { evaluatorsPage, evaluatorsTable } from '../support/evaluatorDocs.ts';
import { provenancePage } from '../support/provenanceDocs.ts';

// `npx vitest run test/integration/docs.test.ts -u` writes all again.
const root = resolve(import.meta.dirname, '../..');
const described = [...EVALUATORS, ...RUBRICS, ...COHORT_EVALUATORS];

it('generates docs/evaluators.md from the evaluators', async () => {
  await expect(evaluatorsPage(described)).toMatchFileSnapshot(resolve(root, 'docs/evaluators.md'));
});

it('generates docs/provenance.md from the derivations', async () => {
  await expect(provenancePage()).toMatchFileSnapshot(resolve(root, 'docs/provenance.md'));
});

it('keeps the table of evaluators in the README', async () => {
  const path = resolve(root, 'README.md');
  const readme = readFileSync(path, 'utf8');
  const begin = '<!-- evaluators:begin -->\n';
  const [start, end] = [readme.indexOf(begin) + begin.length, readme.indexOf('<!-- evaluators:end -->')];
  const wanted = `${readme.slice(0, start)}${evaluatorsTable(described)}\n${readme.slice(end)}`;
  await expect(wanted).toMatchFileSnapshot(path);
});
