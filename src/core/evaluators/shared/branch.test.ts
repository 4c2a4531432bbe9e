import { expect, it } from 'vitest';
import { branchOf } from './branch.ts';

it('separates siblings under different parents and different agents under one parent', () => {
  expect(branchOf({ parent: 2, agent: 'search' })).not.toBe(branchOf({ parent: 3, agent: 'search' }));
  expect(branchOf({ parent: 2, agent: 'search' })).not.toBe(branchOf({ parent: 2, agent: 'write' }));
  expect(branchOf({ parent: -1 })).toBe(branchOf({ parent: -1 }));
});
