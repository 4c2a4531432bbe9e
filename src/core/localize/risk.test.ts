import { expect, it } from 'vitest';
import { makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import { contextFor } from '../evaluators/context.ts';
import { Risk } from './risk.ts';
import { Signs } from './signals/all.ts';

const ask: StepSketch = { user: 'Please cancel order #W10421.' };
const cancel = (how: { returns: string } | { fails: string }): StepSketch => ({
  calls: [{ tool: 'cancel_order', with: { order_id: '#W10421' }, ...how }],
});
const read: StepSketch = { calls: [{ tool: 'get_order', with: { order_id: '#W10421' }, returns: 'pending' }] };
const riskOf = (sketches: readonly StepSketch[], scores: readonly number[] = []) => {
  const { run, steps } = makeRun(sketches);
  const context = contextFor(run);
  const [risk, signs] = [new Risk(), new Signs(run)];
  for (const step of steps) {
    risk.step(step, context);
    signs.step(step, context);
  }
  return risk.of(
    scores.map((score, step) => ({ step, score, reason: 'r', evaluators: [] })),
    signs.finish(),
  );
};

it('is nothing for a run that changed nothing and has nothing against it', () => {
  expect(riskOf([ask, read])).toBe(0);
  const handOver: StepSketch = { calls: [{ tool: 'transfer_to_human_agents', with: { why: 'x' }, returns: 'ok' }] };
  expect(riskOf([ask, handOver])).toBe(0);
  expect(riskOf([ask, cancel({ fails: 'Error: no such order' })])).toBe(0);
});

it('grows with each change, each suspect and each go-ahead that led to nothing', () => {
  const once = riskOf([ask, cancel({ returns: 'ok' })]);
  expect(once).toBeCloseTo(1 / 2);
  expect(riskOf([ask, cancel({ returns: 'ok' }), cancel({ returns: 'ok' })])).toBeGreaterThan(once);
  expect(riskOf([ask, cancel({ returns: 'ok' })], [0.4])).toBeCloseTo(0.7);
  const unheeded = [ask, read, { says: 'Shall I?' }, { user: 'Yes, please.' }, { says: 'Done.' }];
  expect(riskOf(unheeded)).toBeCloseTo(1 / 2);
});

it('stays below one', () => {
  expect(riskOf([ask, ...Array.from({ length: 50 }, () => cancel({ returns: 'ok' }))], [0.9, 0.9])).toBeLessThan(1);
});
