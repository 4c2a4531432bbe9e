import { expect, it } from 'vitest';
import { matchesName, namesTool } from './toolPolicy.ts';

it.each([
  ['pay', 'pay', true],
  ['pay', 'payment', false],
  ['pay*', 'payment', true],
  ['*_order', 'cancel_order', true],
  ['mcp__*__delete_*', 'mcp__store__delete_file', true],
  ['mcp__*__delete_*', 'mcp__store__list', false],
  ['a*a', 'a', false],
  ['a*b*a', 'aba', true],
  ['a*b*a', 'aa', false],
  ['*', '', true],
  ['p.y', 'pay', false],
])('"%s" and "%s": %s', (pattern, name, fits) => {
  expect(matchesName(pattern, name)).toBe(fits);
});

it('knows a tool with and without the prefix of its server', () => {
  expect(namesTool(['delete_file'], 'mcp__disk__delete_file')).toBe(true);
  expect(namesTool(['mcp__disk__*'], 'mcp__disk__delete_file')).toBe(true);
  expect(namesTool(['read_file'], 'mcp__disk__delete_file')).toBe(false);
});
