import { expect, it } from 'vitest';
import type { JsonObject } from '../../util/json.ts';
import { nearlyEqual, outlineOf } from './nearlyEqual.ts';

const call = (args: JsonObject, tool = 'read') => outlineOf({ tool, arguments: args, argumentsRecorded: true });

it.each<[string, JsonObject, JsonObject]>([
  ['a number written as text', { file: 'a.ts', line: 16 }, { file: 'a.ts', line: '16' }],
  ['a path with more folders before it', { file: 'org/a/B.java', line: 1 }, { file: 'src/main/org/a/B.java', line: 1 }],
  ['an argument under another name', { file: 'a.ts', of: 'f()' }, { path: 'a.ts', of: 'f()' }],
  ['a text argument that is left out', { of: 'f()', file: 'a.ts' }, { of: 'f()' }],
  ['a command with its folder before it', { command: 'make all' }, { command: 'cd /app && make all' }],
])('takes for nearly equal: %s', (_, a, b) => {
  expect(nearlyEqual(call(a), call(b))).toBe(true);
  expect(nearlyEqual(call(b), call(a))).toBe(true);
});

it.each<[string, JsonObject, JsonObject]>([
  ['another page', { q: 'x', page: 1 }, { q: 'x', page: 2 }],
  ['a first page number', { q: 'x' }, { q: 'x', number: 2 }],
  ['a next page by a cursor', { q: 'x' }, { q: 'x', next_cursor: 'abc' }],
  ['a stretch of the file', { path: 'a.ts' }, { path: 'a.ts', view_range: [1, 100] }],
  ['another value', { path: 'a.ts', of: 'f()' }, { path: 'b.ts', of: 'f()' }],
  ['a file of the same name elsewhere', { path: 'B.java' }, { path: 'src/B.java' }],
  ['longer lists', { words: ['a', 'b'] }, { words: ['a', 'b', 'c'] }],
  ['values that were swapped', { from: 'a', by: 'x' }, { from: 'b', by: 'a' }],
  ['no arguments at all', {}, { path: 'a.ts' }],
  ['a command in another folder', { command: 'cd /app && make' }, { command: 'cd /app/docs && make' }],
  ['a command before another one', { command: 'make' }, { command: 'cd /app && make clean && make' }],
])('takes for another call: %s', (_, a, b) => {
  expect(nearlyEqual(call(a), call(b))).toBe(false);
  expect(nearlyEqual(call(b), call(a))).toBe(false);
});

it('never compares calls of different tools', () => {
  expect(nearlyEqual(call({ path: 'a' }, 'read'), call({ path: 'a' }, 'delete'))).toBe(false);
});
