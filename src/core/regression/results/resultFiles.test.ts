import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Schema, Validator } from '@cfworker/json-schema';
import { expect, it } from 'vitest';
import { DUPLICATE_ORDER } from '../../../../test/support/fixtureFile.ts';
import { at, type Json } from '../../util/json.ts';
import { callLines } from './callLines.ts';
import type { FixtureResult } from './fixtureResult.ts';
import { RESULT_WRITERS } from './resultFiles.ts';

const schema = JSON.parse(
  readFileSync(
    resolve(import.meta.dirname, '../../../../node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'),
    'utf8',
  ),
) as Schema;

const base = { id: 'f', by: 'vitest', duration: 1250, problems: [], calls: [] };
const RESULTS: readonly FixtureResult[] = [
  { ...base, path: 'tests/a.fixture.json', title: 'holds', outcome: 'held' },
  {
    ...base,
    id: 'g',
    path: 'tests/b c.fixture.json',
    title: 'cancels <the> "duplicate"',
    outcome: 'regression',
    problems: ['must not call cancel_order [x](y) {0} ]]> \u0007'],
    calls: callLines(DUPLICATE_ORDER, [{ tool: 'cancel_order', arguments: { order_id: 'A-1050' } }]),
  },
  { ...base, path: 'other/c.fixture.json', title: 'c', outcome: 'unjudged', problems: ['It did not end within 3 s.'] },
];
const written = (id: string) => RESULT_WRITERS.find((writer) => writer.id === id)?.write(RESULTS, '1.2.3') ?? '';

it('JUnit: a suite a folder; a regression is a failure with the difference, what was not judged an error', () => {
  const xml = written('junit');
  expect(xml).toContain('<testsuites name="hindstep" tests="3" failures="1" errors="1" skipped="0" time="3.750">');
  expect(xml).toMatch(/<testsuite name="tests" tests="2" failures="1" errors="0"/);
  expect(xml).toMatch(
    /<testcase name="cancels &lt;the> &quot;duplicate&quot;"|<testcase name="cancels &lt;the&gt; &quot;duplicate&quot;"/,
  );
  expect(xml).toMatch(/<failure message="must not call[^"]*" type="vitest">[^<]*\+ cancel_order/);
  expect(xml).toMatch(/<error message="It did not end within 3 s\."/);
});

it('SARIF: valid; regressions as results at their fixtures, what was not judged as a notification', () => {
  const log = JSON.parse(written('sarif')) as Json;
  expect(new Validator(schema, '4', false).validate(log).errors).toEqual([]);
  expect(at(log, 'runs', 0, 'results')).toMatchObject([
    {
      ruleId: 'hindstep.regression',
      level: 'error',
      locations: [
        { physicalLocation: { artifactLocation: { uri: 'tests/b%20c.fixture.json' }, region: { startLine: 1 } } },
      ],
    },
  ]);
  expect(at(log, 'runs', 0, 'invocations', 0)).toMatchObject({
    executionSuccessful: false,
    toolExecutionNotifications: [{ message: { text: expect.stringContaining('other/c.fixture.json') } }],
  });
});

it('JSON: all that is known', () => {
  expect(JSON.parse(written('json'))).toMatchObject({
    hindstep: '1.2.3',
    held: 1,
    regression: 1,
    unjudged: 1,
    results: [
      { fixture: 'tests/a.fixture.json', outcome: 'held', calls: [] },
      { outcome: 'regression', calls: [{ kind: 'missing', expected: 'list_orders({})' }, { kind: 'changed' }] },
      { outcome: 'unjudged' },
    ],
  });
});
