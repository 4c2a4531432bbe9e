import { expect, it } from 'vitest';
import { judge, makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import { contextFor } from './context.ts';
import { lamCompleteness } from './lamCompleteness.ts';
import type { Policy } from './policy/policy.ts';

const verdictOf = (sketches: StepSketch[], policy?: Policy) => {
  const made = makeRun(sketches);
  return judge(lamCompleteness, made, contextFor(made.run, policy));
};
const whole: StepSketch = { calls: [{ tool: 'a', with: {}, returns: 'ok' }] };
const unanswered: StepSketch = { calls: [{ tool: 'b', with: {} }] };
const screen = { type: 'image', mediaType: 'image/png', path: 'a.png' } as const;

it('passes a run that holds all four parts', () => {
  expect(verdictOf([{ user: 'Go' }, whole, whole, { final: 'Done' }])).toMatchObject({
    status: 'pass',
    score: 1,
    findings: [],
  });
});

it('takes the next screen for what came of an action', () => {
  expect(verdictOf([{ user: 'Go' }, { ...unanswered, screen }, { says: 'ok', screen }]).score).toBe(1);
});

it.each<[string, StepSketch[], number, string]>([
  ['what was asked', [whole, whole], 0, 'lacks what was asked, the state before it (1)'],
  [
    'arguments',
    [{ user: 'Go' }, { calls: [{ tool: 'a', argumentsRecorded: false, returns: 'ok' }] }],
    0,
    '1 of 1 action can not be learned from: the trace lacks its arguments.',
  ],
  [
    'results',
    [{ user: 'Go' }, whole, unanswered, whole, whole],
    0.75,
    '1 of 4 actions can not be learned from: the trace lacks what came of it.',
  ],
])('warns where %s lack, at the first gap', (_, sketches, score, words) => {
  const verdict = verdictOf(sketches);
  expect(verdict).toMatchObject({ status: 'warn', score, findings: [{ message: expect.stringContaining(words) }] });
  expect(verdict.findings[0]?.step).toBe(
    sketches.findIndex((sketch) => (sketch.calls && sketch !== whole) || (sketches[0] === whole && sketch.calls)),
  );
});

it('does not ask for what came of the end: finishing calls, and calls that were interrupted', () => {
  const finish: StepSketch = { calls: [{ tool: 'submit', with: {} }] };
  expect(verdictOf([{ user: 'Go' }, whole, finish]).score).toBe(1);
  expect(verdictOf([{ user: 'Go' }, whole, unanswered]).score).toBe(1);
  expect(verdictOf([{ user: 'Go' }, unanswered]).score).toBe(0);
});

it('asks the policy for the lowest share', () => {
  const policy = { evaluators: { 'trace.lam-completeness': { threshold: 0.5 } } };
  expect(verdictOf([{ user: 'Go' }, whole, unanswered, whole], policy)).toMatchObject({ status: 'pass', findings: [] });
});

it('does not judge a run without actions', () => {
  expect(verdictOf([{ user: 'Go' }, { final: 'Done' }]).status).toBe('na');
});
