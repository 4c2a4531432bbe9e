import { type Schema, Validator } from '@cfworker/json-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardedRegExp } from '../util/guardedRegExp.ts';
import type { Json, JsonObject } from '../util/json.ts';
import { fitsSchema, unknownKeyword } from './fitsSchema.ts';
import { isMatcher, matcherProblem, matchesArguments, matchesValue } from './matchers.ts';
import { sameJson } from './sameJson.ts';

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;

describe('matchers', () => {
  it('match a value exactly, whatever the order of members', () => {
    fc.assert(
      fc.property(json, (value) => {
        const shuffled = reversed(value);
        for (const $match of ['exact', 'superset', 'subset'] as const) {
          expect(matchesValue({ $match, value }, shuffled)).toBe(true);
        }
      }),
    );
  });

  it('an exact one matches what is equal and nothing else; a bare value is one', () => {
    fc.assert(
      fc.property(json, json, (wanted, got) => {
        const equal = JSON.stringify(sorted(wanted)) === JSON.stringify(sorted(got));
        expect(matchesValue({ $match: 'exact', value: wanted }, got)).toBe(equal);
        if (!isMatcher(wanted)) expect(matchesValue(wanted, got)).toBe(equal);
      }),
    );
  });

  it('what is a subset of a value has that value as a superset', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(matchesValue({ $match: 'subset', value: a }, b)).toBe(matchesValue({ $match: 'superset', value: b }, a));
      }),
    );
  });

  it('a part of an object or a list is a subset of it, and more is a superset', () => {
    const object = fc.dictionary(fc.string(), json) as fc.Arbitrary<JsonObject>;
    fc.assert(
      fc.property(fc.oneof(object, fc.array(json)), fc.nat(), (whole, at) => {
        const part = Array.isArray(whole)
          ? whole.filter((_one, i) => i !== at % (whole.length || 1))
          : Object.fromEntries(Object.entries(whole).filter((_entry, i, all) => i !== at % all.length));
        expect(matchesValue({ $match: 'subset', value: whole }, part)).toBe(true);
        expect(matchesValue({ $match: 'superset', value: part }, whole)).toBe(true);
      }),
    );
  });

  it('oneOf matches what is equal to one of several', () => {
    fc.assert(
      fc.property(fc.array(json), json, (values, got) => {
        const isOne = values.some((value) => sameJson(value, got));
        expect(matchesValue({ $match: 'oneOf', values }, got)).toBe(isOne);
        expect(matchesValue({ $match: 'oneOf', values: [...values, got] }, reversed(got))).toBe(true);
      }),
    );
  });

  it('a number matches within its tolerance, also as text, and nothing that is no number', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 });
    fc.assert(
      fc.property(number, number, fc.double({ min: 0, max: 1e9, noNaN: true }), (value, got, tolerance) => {
        const within = Math.abs(value - got) <= tolerance;
        const matcher = { $match: 'number', value, tolerance } as const;
        expect(matchesValue(matcher, got)).toBe(within);
        expect(matchesValue(matcher, String(got))).toBe(within);
      }),
    );
    for (const none of [true, null, '', 'ten', '0x10', '1_000', '١', [1], {}]) {
      expect([none, matchesValue({ $match: 'number', value: 1, tolerance: 1e12 }, none)]).toEqual([none, false]);
    }
  });

  it('a pattern is looked for in texts alone', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        expect(matchesValue({ $match: 'regex', pattern: 'A-\\d+' }, `${before}A-12${after}`)).toBe(true);
      }),
    );
    expect(matchesValue({ $match: 'regex', pattern: '1' }, 1)).toBe(false);
    for (const pattern of ['(a+)+$', '(x*y)*', '(a)\\1', 'a'.repeat(301), '(']) {
      expect([pattern, guardedRegExp(pattern).ok, matcherProblem({ $match: 'regex', pattern })]).toEqual([
        pattern,
        false,
        'has a pattern that is broken or could take for ever',
      ]);
    }
  });

  it('never match what is absent, but for ignore', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(matchesArguments({ a: { $match: 'ignore' } }, { b: value })).toBe(true);
        expect(matchesArguments({ a: { $match: 'subset', value } }, { b: value })).toBe(false);
        if (!isMatcher(value)) expect(matchesArguments({ a: value }, { b: value })).toBe(false);
      }),
    );
    expect(matchesValue({ $match: 'superset', value: {} }, undefined)).toBe(false);
  });

  it('look at own members alone', () => {
    expect(matchesArguments({ constructor: { $match: 'schema', schema: {} } }, {})).toBe(false);
    expect(matchesArguments({ toString: { $match: 'ignore' } }, {})).toBe(true);
    expect(matchesValue({ $match: 'superset', value: { constructor: null } }, {})).toBe(false);
  });
});

describe('the part of JSON Schema that arguments use', () => {
  const scalar = fc.constantFrom<Json[]>('', 'a', 'ab', 'A-1', 0, 1, 1.5, -1, true, null);
  const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.dictionary(fc.constantFrom('a', 'b'), scalar));
  const leaf = fc.record(
    {
      type: fc.constantFrom('string', 'number', 'integer', 'boolean', 'null', 'array', 'object', ['string', 'null']),
      enum: fc.array(scalar, { minLength: 1, maxLength: 3 }),
      const: scalar,
      minimum: fc.constantFrom(0, 1),
      maximum: fc.constantFrom(0, 1.5),
      exclusiveMinimum: fc.constantFrom(0, 1),
      exclusiveMaximum: fc.constantFrom(0, 1.5),
      minLength: fc.constantFrom(0, 1, 2),
      maxLength: fc.constantFrom(0, 1, 2),
      pattern: fc.constantFrom('^A', 'b$'),
      minItems: fc.constantFrom(0, 1, 2),
      maxItems: fc.constantFrom(0, 1, 2),
      minProperties: fc.constantFrom(0, 1),
      maxProperties: fc.constantFrom(0, 1),
      required: fc.constantFrom(['a'], ['a', 'b'], []),
      description: fc.constant('words'),
    },
    { requiredKeys: [] },
  );
  const schema = fc.oneof(
    leaf,
    fc.record(
      {
        items: leaf,
        properties: fc.dictionary(fc.constantFrom('a', 'b'), leaf),
        additionalProperties: fc.oneof(fc.boolean(), leaf),
        not: leaf,
        anyOf: fc.array(leaf, { minLength: 1, maxLength: 2 }),
        allOf: fc.array(leaf, { minLength: 1, maxLength: 2 }),
        oneOf: fc.array(leaf, { minLength: 1, maxLength: 2 }),
      },
      { requiredKeys: [] },
    ),
  );

  it('says what a whole validator says', () => {
    fc.assert(
      fc.property(schema, value, (drawn, got) => {
        const given = drawn as unknown as JsonObject;
        expect(unknownKeyword(given)).toBeUndefined();
        const whole = new Validator(given as Schema, '2020-12').validate(got).valid;
        expect([given, got, fitsSchema(given, got)]).toEqual([given, got, whole]);
      }),
      { numRuns: 2000 },
    );
  });

  it('names what it does not understand, at any depth', () => {
    expect(unknownKeyword({ $ref: '#/x' })).toBe('$ref');
    expect(unknownKeyword({ properties: { a: { items: { uniqueItems: true } } } })).toBe('uniqueItems');
    expect(unknownKeyword({ anyOf: [{}, { not: { if: {} } }] })).toBe('if');
    expect(unknownKeyword({ properties: { if: {} }, enum: [{ if: 1 }], default: { $ref: 'x' } })).toBeUndefined();
  });
});

function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, member]) => [name, reversed(member)] as const)
      .reverse(),
  );
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, member]) => [name, sorted(member)] as const);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, member] as Json[]);
}
