import type { EvaluatorDescription } from '../../src/core/evaluators/evaluator.ts';

/** `docs/evaluators.md`, from what the evaluators say of themselves. */
export function evaluatorsPage(evaluators: readonly EvaluatorDescription[]): string {
  return [
    '# Evaluators',
    '',
    '<!-- Generated from src/core/evaluators; `npx vitest run test/integration/docs.test.ts -u` writes it again. -->',
    '',
    'A verdict is `pass` (there was something to check, and it was checked), `fail`, `warn`, `na` (nothing to judge by, with',
    'the reason; never counted in a rate) or `error` (the evaluator itself failed). A finding points at the step to fix.',
    '',
    ...evaluators.flatMap((evaluator) => [
      `## ${evaluator.title}`,
      '',
      `\`${evaluator.id}\` · judges each ${evaluator.level} · at worst ${evaluator.severity} · default: ${evaluator.defaultThreshold}`,
      '',
      evaluator.definition,
      '',
      ...(evaluator.needs.length > 0 ? [`**Needs**: ${evaluator.needs.join(', ')}.`, ''] : []),
      ...(evaluator.threshold === undefined ? [] : [`**Threshold in a policy**: ${evaluator.threshold}.`, '']),
      `**Not applicable when**: ${evaluator.notApplicable}`,
      '',
      `**Known false positives**: ${evaluator.falsePositives}`,
      '',
    ]),
  ].join('\n');
}

/** The table of evaluators in the README. */
export function evaluatorsTable(evaluators: readonly EvaluatorDescription[]): string {
  const rows = evaluators.map(({ id, title, summary }) => `| \`${id}\` | ${title} | ${summary} |`);
  return ['| id | title | finds |', '|---|---|---|', ...rows].join('\n');
}
