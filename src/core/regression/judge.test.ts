import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../util/json.ts';
import type { Expectation } from './fixture.ts';
import cases from './helpers/cases.json' with { type: 'json' };
import { judgeCalls } from './judge.ts';

// The same table that both replay helpers are held to.
describe('judgeCalls says what the replay helpers say', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const calls = one.calls.map(([tool, args]) => ({ tool: tool as string, arguments: args as JsonObject }));
    const run = { calls, finalText: one.finalText ?? '' };
    expect(judgeCalls({ expect: one.expect as Expectation[], volatile: [] }, run)).toEqual(one.problems);
  });
});
