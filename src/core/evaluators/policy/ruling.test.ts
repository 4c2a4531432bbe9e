import { expect, it } from 'vitest';
import type { Finding, Severity, Verdict } from '../verdict.ts';
import { isTurnedOff, ruled, thresholdOf } from './ruling.ts';

const finding = (severity: Severity): Finding => ({
  step: 0,
  pointer: '',
  message: 'm',
  evidence: [],
  confidence: 'certain',
  severity,
});
const verdict: Verdict = {
  evaluator: 'loop.cycle',
  status: 'fail',
  score: 0.5,
  reason: 'r',
  findings: [finding('error'), finding('warning'), finding('information')],
};
const saying = (severity: Severity | 'off') => ({ evaluators: { 'loop.cycle': { severity } } });

it.each([
  ['error', 'fail', ['error', 'error', 'information']],
  ['warning', 'warn', ['warning', 'warning', 'information']],
  ['information', 'pass', ['information', 'information', 'information']],
] as const)('makes errors and warnings %s', (severity, status, severities) => {
  const made = ruled(saying(severity), verdict);
  expect([made.status, made.findings.map((one) => one.severity)]).toEqual([status, severities]);
  expect(ruled(saying(severity), { ...verdict, findings: [] }).status).toBe(status);
});

it('turns off', () => {
  expect(ruled(saying('off'), verdict)).toMatchObject({
    status: 'na',
    reason: 'Turned off by the policy.',
    findings: [],
  });
  expect([isTurnedOff(saying('off'), 'loop.cycle'), isTurnedOff(saying('off'), 'other')]).toEqual([true, false]);
});

it('leaves alone what it does not name, and what has nothing to say', () => {
  expect(ruled(undefined, verdict)).toBe(verdict);
  expect(ruled({ evaluators: {} }, { ...verdict, evaluator: 'toString' }).status).toBe('fail');
  const na: Verdict = { ...verdict, status: 'na', findings: [] };
  expect(ruled(saying('error'), na)).toBe(na);
});

it('sets thresholds', () => {
  const policy = { evaluators: { 'loop.cycle': { threshold: 7 } } };
  expect([thresholdOf(policy, 'loop.cycle', 3), thresholdOf(policy, 'other', 3)]).toEqual([7, 3]);
});
