import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, hashOf } from './canonical.ts';
import type { Json } from './json.ts';
import { jsonText } from './jsonText.ts';

const anyJson = fc.jsonValue({ depthSize: 'medium' }).map((value) => value as Json);

function deep(levels: number): Json {
  let value: Json = 'bottom';
  for (let i = 0; i < levels; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}

describe('jsonText', () => {
  it('is JSON.stringify, cut', () => {
    fc.assert(
      fc.property(anyJson, fc.nat(40), (value, max) => {
        expect(jsonText(value)).toBe(JSON.stringify(value));
        expect(jsonText(value, max)).toBe(JSON.stringify(value).slice(0, max));
      }),
    );
    expect(jsonText('😀'.repeat(10), 4)).toBe(JSON.stringify('😀'.repeat(10)).slice(0, 4));
  });

  it('does not overflow on deep nesting', () => {
    expect(jsonText(deep(20_000))).toHaveLength(2 * 10_000 + 6 * 10_000 + 8);
    expect(canonicalJson(deep(20_000))).toContain('"bottom"');
  });
});

describe('canonicalJson', () => {
  it('sorts keys by UTF-16 unit at every level and equates numbers that are equal', () => {
    expect(canonicalJson({ b: [{ z: 1, a: -0 }], a: 1e2, é: null })).toBe('{"a":100,"b":[{"a":0,"z":1}],"é":null}');
    expect(hashOf({ a: 1, b: 2 })).toBe(hashOf(JSON.parse('{"b":2.0,"a":1}') as Json));
    expect(canonicalJson(Number.NaN)).toBe('null');
  });

  it('keeps __proto__ as data', () => {
    expect(canonicalJson(JSON.parse('{"__proto__":{"x":1}}') as Json)).toBe('{"__proto__":{"x":1}}');
  });
});
