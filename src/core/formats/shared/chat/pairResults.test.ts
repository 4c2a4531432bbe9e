import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairResult } from './pairResults.ts';

const calls = [
  { tool: 'get', callId: 'a' },
  { tool: 'get', callId: 'b' },
  { tool: 'put', callId: 'c' },
];
const none = [false, false, false];

describe('pairResult', () => {
  it('pairs by id, whatever the order', () => {
    expect(pairResult(calls, none, { callId: 'c' })).toEqual({ position: 2, by: 'id' });
  });

  it('pairs by the tool, then by order, when the id names no call', () => {
    expect(pairResult(calls, none, { callId: 'x', tool: 'put' })).toEqual({ position: 2, by: 'order' });
    expect(pairResult(calls, [true, false, false], {})).toEqual({ position: 1, by: 'order' });
  });

  it('never gives a call a second result', () => {
    expect(pairResult(calls, [true, false, false], { callId: 'a' })).toEqual({ position: 1, by: 'order' });
    expect(pairResult(calls, [true, true, true], { callId: 'a' })).toBeUndefined();
  });

  it('answers every call once, in any order of results with any ids', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'x', undefined);
    fc.assert(
      fc.property(fc.array(id, { minLength: 3, maxLength: 6 }), (ids) => {
        const answered = [...none];
        for (const callId of ids) {
          const pairing = pairResult(calls, answered, callId === undefined ? {} : { callId });
          if (pairing === undefined) continue;
          expect(answered[pairing.position]).toBe(false);
          answered[pairing.position] = true;
        }
        expect(answered).toEqual([true, true, true]);
      }),
    );
  });
});
