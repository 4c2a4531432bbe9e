import { expect, it } from 'vitest';
import { UniqueIds } from './uniqueIds.ts';

it('numbers ids that were taken, also when the numbered id was', () => {
  const ids = new UniqueIds();
  expect(['a', 'a', 'a (2)', 'b', 'a'].map((id) => ids.take(id))).toEqual(['a', 'a (2)', 'a (2) (2)', 'b', 'a (3)']);
});
