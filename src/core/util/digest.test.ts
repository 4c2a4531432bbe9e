import fc from 'fast-check';
import { expect, it } from 'vitest';
import { digestOf } from './digest.ts';

it('tells texts apart that differ', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => (digestOf(a) === digestOf(b)) === (a === b)));
});

it('is equal for equal texts', () => {
  expect(digestOf('the same')).toBe(digestOf(['the', 'same'].join(' ')));
});
