import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecord } from './parseRecord.ts';

const parse = (text: string) => parseRecord(new TextEncoder().encode(text));

describe('parseRecord', () => {
  it('is JSON.parse for JSON', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parse(text)).toEqual({ value: JSON.parse(text) });
      }),
    );
    expect(parse('{"__proto__":{"a":1}}').value).toSatisfy((value: object) => Object.hasOwn(value, '__proto__'));
  });

  it('makes NaN and Infinity null, but not in strings, and says so', () => {
    expect(parse('{"a": NaN, "b": [-Infinity,Infinity], "c": "x, NaN, \\" NaN"}')).toEqual({
      value: { a: null, b: [null, null], c: 'x, NaN, " NaN' },
      problem: 'NaN and -Infinity and Infinity are no JSON and became null.',
    });
    expect(parse('{"a": NaNo}').value).toBeUndefined();
  });

  it('repairs comments, trailing commas and raw control characters', () => {
    expect(parse('{"a": 1, // one\n "b": [2,],}').value).toEqual({ a: 1, b: [2] });
    expect(parse('{"a": "x\ty\u0001"}').value).toEqual({ a: 'x\ty\u0001' });
    expect(parse('{"a": "\\x41"}').problem).toBeDefined();
  });

  it('guesses nothing for a record that is cut off or is no JSON', () => {
    for (const text of ['{"a": "b', '{"a": 1', '[1, 2', '{"a" 1}', 'hello', "{'a': 1}", '', '{"a":1}{"b":2}']) {
      const { value, problem } = parse(text);
      expect([text, value]).toEqual([text, undefined]);
      expect(problem).not.toBe('');
    }
  });

  it('replaces what is no UTF-8 and says so', () => {
    const parsed = parseRecord(new Uint8Array([0x22, 0x61, 0xff, 0x22]));
    expect(parsed).toEqual({ value: 'a\ufffd', problem: 'some of its bytes are no UTF-8 and are shown as \ufffd.' });
  });

  it('survives nesting 20,000 deep', () => {
    const deep = '['.repeat(20_000) + ']'.repeat(20_000);
    expect(parse(deep).problem).toBeUndefined();
    expect(parse(`${deep.slice(1)}x`).problem).toBeDefined();
    expect(parse(`[NaN,${deep}]`).value).toBeDefined();
    expect(parse(`[1,/**/${deep}]`).problem).toBeDefined();
  });
});
