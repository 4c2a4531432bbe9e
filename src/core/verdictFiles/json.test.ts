import { expect, it } from 'vitest';
import { HOSTILE, hostileReport } from '../../../test/support/hostileReport.ts';
import { asArray, field, type Json } from '../util/json.ts';
import { jsonVerdicts } from './json.ts';

const document = JSON.parse(jsonVerdicts.write(hostileReport())) as Json;
const verdicts = asArray(field(document, 'verdicts'));
const named = (name: string) => verdicts.find((verdict) => field(verdict, 'evaluatorId') === name);

it('holds every verdict with every text as it is', () => {
  expect(field(document, 'schemaVersion')).toBe(1);
  expect(verdicts).toHaveLength(HOSTILE.length ** 2 * 5);
  expect(HOSTILE.map((_, i) => field(named(`hostile-${i}.pass`), 'reason'))).toEqual(HOSTILE);
});

it('points at steps by position and by the id that the trace gives them', () => {
  expect(named('hostile-13.fail')).toMatchObject({
    level: 'step',
    targetStepId: HOSTILE[0],
    severity: 'error',
    confidence: 'likely',
    source: 'code',
    findings: [{ step: 1, evidence: [{ step: 0, quote: '__proto__' }], region: { startLine: 3 } }],
  });
});

it('has a reason and no score where nothing could be judged', () => {
  expect(named('hostile-13.na')).toMatchObject({
    level: 'run',
    targetStepId: null,
    score: null,
    naReason: '__proto__',
  });
  expect(named('hostile-13.pass')).not.toHaveProperty('naReason');
});
