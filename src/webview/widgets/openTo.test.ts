import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Json } from '../../core/util/json.ts';
import { leavesOf } from '../../core/util/pointer.ts';
import { groupPlace, indexTo, openTo } from './jsonRows.ts';

it('opens every node above a value, and nothing else', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      for (const { pointer } of leavesOf(value as Json, '/a')) {
        const opened = openTo(value as Json, '/a', pointer);
        for (const place of opened) expect(pointer.startsWith(`${place}/`)).toBe(true);
        expect(opened).toHaveLength(pointer.split('/').length - 2);
      }
    }),
  );
});

it('opens the groups of very many children', () => {
  const value = Array.from({ length: 5000 }, (_, i) => ({ i }));
  expect(openTo(value, '/a', '/a/4321/i')).toEqual(['/a', groupPlace('/a', 4300, 4400), '/a/4321']);
});

it('finds no child for a pointer that leads elsewhere', () => {
  expect([
    indexTo([1], '/a', '/b/0'),
    indexTo([1], '/a', '/a/7'),
    indexTo({ x: 1 }, '/a', '/a/y'),
    indexTo(1, '/a', '/a/0'),
  ]).toEqual([-1, -1, -1, -1]);
  expect(indexTo({ 'x/y': 1 }, '/a', '/a/x~1y/z')).toBe(0);
});
