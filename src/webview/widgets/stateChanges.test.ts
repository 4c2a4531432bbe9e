import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stateChanges } from './stateChanges.ts';

describe('stateChanges', () => {
  it('finds the smallest places that differ', () => {
    expect(stateChanges({ a: 1, b: { c: [1, 2] }, d: 0 }, { a: 1, b: { c: [1, 3, 4] }, e: 'x' })).toEqual([
      { pointer: '/b/c/1', kind: 'changed', before: 2, after: 3 },
      { pointer: '/b/c/2', kind: 'added', after: 4 },
      { pointer: '/d', kind: 'removed', before: 0 },
      { pointer: '/e', kind: 'added', after: 'x' },
    ]);
  });

  it('finds nothing between a value and itself', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(stateChanges(value as never, structuredClone(value) as never)).toEqual([]);
      }),
    );
  });
});
