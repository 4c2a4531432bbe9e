import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeRun } from '../../../../test/support/makeRun.ts';
import { observationDigest } from './actions.ts';
import { digestOf } from './digest.ts';

it('tells texts apart that differ', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => (digestOf(a) === digestOf(b)) === (a === b)));
});

it('is equal for equal answers of different actions, and marks missing ones', () => {
  const [one, two, none] = makeRun([
    { calls: [{ tool: 'a', returns: 'x' }] },
    { calls: [{ tool: 'b', returns: 'x' }] },
    { calls: [{ tool: 'c' }] },
  ]).steps.flatMap(({ actions }) => actions.map(observationDigest));
  expect(one).toBe(two);
  expect(none).toBe('none');
});
