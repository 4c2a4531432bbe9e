import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Schema, Validator } from '@cfworker/json-schema';
import { expect, it } from 'vitest';
import { HOSTILE, hostileReport } from '../../../test/support/hostileReport.ts';
import { asArray, at, field, type Json } from '../util/json.ts';
import { sarifVerdicts } from './sarif.ts';

const schema = JSON.parse(
  readFileSync(
    resolve(import.meta.dirname, '../../../node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'),
    'utf8',
  ),
) as Schema;
const validator = new Validator(schema, '4', false);
const log = JSON.parse(sarifVerdicts.write(hostileReport())) as Json;

it('is valid against the published schema, whatever the texts are', () => {
  expect(validator.validate(log).errors).toEqual([]);
  // The validator is a real one.
  expect(validator.validate({ ...(log as object), version: '3' }).valid).toBe(false);
});

it('says na, pass and fail in the words of SARIF, and of an evaluator that failed that it did', () => {
  const results = asArray(at(log, 'runs', 0, 'results'));
  const kinds = new Map(
    results.map((result) => [
      String(field(result, 'ruleId')).split('.')[1],
      [field(result, 'kind'), field(result, 'level')],
    ]),
  );
  expect(Object.fromEntries(kinds)).toEqual({
    pass: ['pass', 'none'],
    fail: ['fail', 'error'],
    warn: ['fail', 'error'],
    na: ['notApplicable', 'none'],
  });
  const invocation = at(log, 'runs', 0, 'invocations', 0);
  expect(field(invocation, 'executionSuccessful')).toBe(false);
  expect(asArray(field(invocation, 'toolExecutionNotifications'))).toHaveLength(HOSTILE.length ** 2);
});

it('points at lines and columns, at evidence, and at the steps that led there', () => {
  const failed = asArray(at(log, 'runs', 0, 'results')).find((result) => field(result, 'ruleId') === 'hostile-0.fail');
  expect(failed).toMatchObject({
    locations: [{ physicalLocation: { region: { startLine: 3, startColumn: 1, endLine: 3, endColumn: 9 } } }],
    relatedLocations: [{ id: 0, message: { text: expect.stringContaining('step 1') } }],
    codeFlows: [
      {
        threadFlows: [
          {
            locations: [
              { executionOrder: 1, importance: 'essential' },
              { executionOrder: 2, importance: 'essential' },
            ],
          },
        ],
      },
    ],
    partialFingerprints: { 'hindstep/v1': 'cd'.repeat(32) },
  });
});

it('lets no text be a link or a placeholder', () => {
  const texts = JSON.stringify(at(log, 'runs', 0, 'results'));
  const messages = asArray(at(log, 'runs', 0, 'results')).map((result) => String(at(result, 'message', 'text')));
  const links = messages.filter((text) => /(?<!\\)\[[^\]\\]*\]\(/.test(text));
  expect(links).toEqual([]);
  expect(messages.filter((text) => /(?<!\{)\{\d+\}(?!\})/.test(text))).toEqual([]);
  expect(texts).toContain('forged workflow command');
});

it('writes names of files as relative URLs', () => {
  const uris = asArray(at(log, 'runs', 0, 'artifacts')).map((artifact) => String(at(artifact, 'location', 'uri')));
  expect(uris).toHaveLength(HOSTILE.length);
  for (const uri of uris) {
    expect(uri).toMatch(/^[\w.!*()~%/-]+$/);
    expect(new URL(uri, 'file:///base/').href).toMatch(/^file:\/\/\/base\//);
  }
});
