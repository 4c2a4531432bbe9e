import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../util/json.ts';
import { type CallParts, comparedCall, likeness } from './call.ts';
import { differences, inWords } from './differences.ts';

const call = (args: JsonObject, more: Partial<CallParts> = {}) =>
  comparedCall({ tool: 'cancel', arguments: args, argumentsRecorded: true, ...more });
const said = (expected: JsonObject, actual: JsonObject) => inWords(differences(call(expected), call(actual)));

describe('differences', () => {
  it('says where, what was expected and what came', () => {
    expect(said({ order_id: 'A123' }, { order_id: 'A124' })).toBe('differs in /order_id: A123, got A124');
    expect(said({ items: [{ id: 1 }, { id: 2 }] }, { items: [{ id: 1 }, { id: 3 }] })).toBe(
      'differs in /items/1/id: 2, got 3',
    );
    expect(said({ a: 1, why: 'twice' }, { a: 1, note: 'x' })).toBe(
      'differs in /why: twice, got nothing; /note: not there, got x',
    );
    expect(said({ a: 1, b: 1, c: 1, d: 1, e: 1 }, {})).toMatch(/; and in 2 more$/);
    expect(said({ a: 1 }, { a: 1 })).toBe('');
  });

  it('keeps the quotes where only they tell the values apart', () => {
    expect(said({ id: 7 }, { id: '7' })).toBe('differs in /id: 7, got "7"');
    expect(said({ id: '' }, { id: 'x' })).toBe('differs in /id: "", got x');
  });

  it('names another tool, and a target', () => {
    expect(inWords(differences(call({}), call({}, { tool: 'pay' })))).toBe('differs in the tool: cancel, got pay');
    const [ok, cancel] = ['OK', 'Cancel'].map((element) => call({}, { target: { element } }));
    expect(ok && cancel && inWords(differences(ok, cancel))).toBe('differs in /target/element: OK, got Cancel');
  });

  it('takes nothing for different that is not recorded, or new in every call', () => {
    expect(differences(call({ id: 1 }), call({}, { argumentsRecorded: false }))).toEqual([]);
    expect(
      said({ id: 1, request_id: 'x', meta: { timestamp: 1 } }, { id: 1, request_id: 'y', meta: { timestamp: 2 } }),
    ).toBe('');
  });

  it('tells long values and many values apart that begin alike', () => {
    expect(differences(call({ text: `${'x'.repeat(500)}1` }), call({ text: `${'x'.repeat(500)}2` }))).toHaveLength(1);
    const many = (last: Json) => ({ ...Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`k${i}`, i])), last });
    expect(differences(call(many(1)), call(many(2)))).toHaveLength(1);
    expect(differences(call(many(1)), call(many(1)))).toEqual([]);
  });

  it('finds none exactly when the keys are equal, and never throws', () => {
    const args = fc.dictionary(
      fc.constantFrom('a', 'b', '__proto__', 'c/d'),
      fc.jsonValue({ maxDepth: 3 }),
    ) as fc.Arbitrary<JsonObject>;
    fc.assert(
      fc.property(args, args, (one, other) => {
        const [left, right] = [call(one), call(other)];
        expect(differences(left, right).length === 0).toBe(left.key === right.key);
        expect(likeness(left, right)).toBe(likeness(right, left));
        expect(likeness(left, right) === 1).toBe(left.key === right.key);
      }),
    );
  });
});
