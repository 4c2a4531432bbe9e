import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardedRegExp } from '../util/guardedRegExp.ts';
import type { Json, JsonObject } from '../util/json.ts';
import type { Expectation } from './fixture.ts';
import cases from './helpers/cases.json' with { type: 'json' };
import { judgeCalls } from './judge.ts';
import { matchesValue } from './matchers.ts';

// The same table that both replay helpers are held to.
describe('judgeCalls says what the replay helpers say', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const calls = one.calls.map(([tool, args]) => ({ tool: tool as string, arguments: args as JsonObject }));
    const run = { calls, finalText: one.finalText ?? '' };
    expect(judgeCalls({ expect: one.expect as Expectation[], volatile: [] }, run)).toEqual(one.problems);
  });
});

describe('matchers', () => {
  it('match a value exactly, whatever the order of members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const shuffled = reversed(value as Json);
        expect(matchesValue({ $match: 'exact', value: value as Json }, shuffled)).toBe(true);
        expect(matchesValue({ $match: 'superset', value: value as Json }, shuffled)).toBe(true);
        expect(matchesValue({ $match: 'subset', value: value as Json }, shuffled)).toBe(true);
      }),
    );
  });

  it('never match what is absent, but for ignore', () => {
    expect(matchesValue(null, undefined)).toBe(false);
    expect(matchesValue({ $match: 'superset', value: {} }, undefined)).toBe(false);
    expect(matchesValue({ $match: 'ignore' }, undefined)).toBe(true);
  });

  it('refuse patterns that could hang', () => {
    for (const pattern of ['(a+)+$', '(x*y)*', '(a)\\1', 'a'.repeat(301), '(']) {
      expect([pattern, guardedRegExp(pattern).ok]).toEqual([pattern, false]);
    }
    expect(guardedRegExp('^A-\\d{4}$').ok).toBe(true);
  });
});

function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.keys(value).map((key) => [key, reversed(value[key] ?? null)] as const);
  return Object.fromEntries(entries.reverse());
}
