import { expect, it } from 'vitest';
import { guardedRegExp } from './guardedRegExp.ts';

it.each([
  '(a+)+$',
  '(x*y)*',
  '((a+)b)+',
  '(a|aa)+$',
  '(?:\\w?a){2,}',
  '([(]+)*',
  '(a)\\1',
  '(?<x>a)\\k<x>',
  '(',
  '[z-a]',
])('refuses %s, which could hang or is no pattern', (pattern) => {
  expect(guardedRegExp(pattern).ok).toBe(false);
});

it('refuses what is too long', () => {
  expect(guardedRegExp('a'.repeat(301)).ok).toBe(false);
});

it.each([
  '^A-\\d{4}$',
  '^(?:no longer needed|by mistake)$',
  '(?:ab)+c',
  '[(+]+',
  '\\(a+\\)+',
  '(?<year>\\d{4})-\\d\\d',
  '(foo|bar)?',
])('takes %s', (pattern) => {
  expect(guardedRegExp(pattern).ok).toBe(true);
});
