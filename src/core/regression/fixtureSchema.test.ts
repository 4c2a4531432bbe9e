import { readFileSync } from 'node:fs';
import { type Schema, Validator } from '@cfworker/json-schema';
import { describe, expect, it } from 'vitest';
import { asArray, at, field, isObject, type Json, type JsonObject } from '../util/json.ts';
import type { Expectation, Fixture, Recording, ValueMatcher } from './fixture.ts';
import { fixtureProblem } from './fixtureProblem.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../../media/schemas/fixture.schema.json', import.meta.url), 'utf8'),
) as JsonObject;
const validator = new Validator(schema as Schema, '7');

// One of everything there is. A member that is new in the types is missing here, which the compiler says.
type Whole<T> = T extends readonly (infer Element)[]
  ? readonly Whole<Element>[]
  : T extends JsonObject | Json
    ? T
    : T extends object
      ? { readonly [Key in keyof T]-?: Whole<Exclude<T[Key], undefined>> }
      : T;

const matchers: { readonly [Kind in ValueMatcher['$match']]: Extract<ValueMatcher, { $match: Kind }> } = {
  exact: { $match: 'exact', value: 1 },
  subset: { $match: 'subset', value: [1] },
  superset: { $match: 'superset', value: { a: 1 } },
  oneOf: { $match: 'oneOf', values: ['a', 'b'] },
  schema: { $match: 'schema', schema: { type: 'string' } },
  regex: { $match: 'regex', pattern: '^A' },
  number: { $match: 'number', value: 1, tolerance: 0.5 },
  ignore: { $match: 'ignore' },
};
const order = { count: 1, before: 'b', after: 'a' };
const expectations: { readonly [Kind in Expectation['kind']]: Required<Extract<Expectation, { kind: Kind }>> } = {
  mustCall: { kind: 'mustCall', tool: 't', arguments: { ...matchers, bare: 'value' }, ...order },
  mustNotCall: { kind: 'mustNotCall', tool: 't', arguments: {}, ...order },
  mustAskBefore: { kind: 'mustAskBefore', tool: 't' },
  finalMustNotClaim: { kind: 'finalMustNotClaim', claim: 'done' },
  maxSteps: { kind: 'maxSteps', count: 3 },
  maxRepeats: { kind: 'maxRepeats', tool: 't', count: 0 },
  evaluator: { kind: 'evaluator', id: 'loop.cycle', status: 'pass' },
};
const recorded: Required<Recording> = {
  ...{ tool: 't', arguments: {}, argumentsHash: 'a'.repeat(64), ordinal: 0, observation: null, isError: false },
  ...{ match: {}, effect: 'read', step: 1, turn: 0 },
};
const call = { tool: 't', arguments: {} };
const whole: Omit<Whole<Fixture>, 'recording' | 'expect'> & Pick<Required<Fixture>, 'recording' | 'expect'> = {
  schemaVersion: 2,
  normaliserVersion: 1,
  id: 'f',
  title: 't',
  mode: 'replay',
  source: { fileName: 'a', format: 'atif', run: 'r', step: 0, sha256: 'a'.repeat(64), hindstep: '0.1.0' },
  goal: 'Do it',
  messages: [{ role: 'assistant', content: '', toolCalls: [{ id: 'c', name: 't', arguments: {} }], toolCallId: 'c' }],
  tools: [{ name: 't', description: 'd', inputSchema: {}, effect: 'read' }],
  toolsDigest: 'a'.repeat(64),
  environment: { state: null, clock: '2026-01-01T00:00:00.000Z', seed: 1 },
  recording: [recorded],
  onMiss: 'error',
  order: 'by-hash',
  failure: { position: 0, calls: [call], message: 'm', verdict: 'v', reason: 'r' },
  correction: { calls: [call], message: 'm' },
  expect: Object.values(expectations),
  volatile: ['/request_id'],
  variants: [
    {
      id: 'timeout',
      title: 't times out',
      changes: { goal: 'g', messages: [], recording: [recorded], expect: [expectations.mustCall] },
    },
  ],
  redactions: [{ pointer: '/goal', rule: 'email', placeholder: '<EMAIL_1>', released: true }],
};
const fixture = whole as unknown as JsonObject;

describe('media/schemas/fixture.schema.json', () => {
  it('knows every member that a fixture may have', () => {
    expect(validator.validate(whole).errors).toEqual([]);
    expect(fixtureProblem(whole)).toBeUndefined();
  });

  it('knows no member that a fixture has not', () => {
    const known = [
      ...membersOf(schema, '').filter((path) => path !== '/$schema'),
      ...variantsOf('expectation', 'kind'),
      ...variantsOf('valueMatcher', '$match'),
    ];
    expect(known.length).toBeGreaterThan(60);
    expect(known.filter((path) => !isUsed(path))).toEqual([]);
  });

  it.each([
    ['onMiss', ['error', 'not-found', 'live']],
    ['order', ['by-hash', 'sequential']],
    ['mode', ['trace-check', 'decision-point', 'replay']],
  ] as const)('allows for %s what the types allow', (name, values) => {
    expect(at(schema, 'properties', name, 'enum')).toEqual(values);
  });

  it('and the helpers refuse what another version wrote', () => {
    for (const name of ['schemaVersion', 'normaliserVersion']) {
      const [older, newer] = [0, 3].map((version) => ({ ...fixture, [name]: version }));
      expect([older, newer].map((other) => validator.validate(other).valid)).toEqual([false, false]);
      expect(fixtureProblem(older)).toContain('make it again ("re-record")');
      expect(fixtureProblem(newer)).toContain('made by a newer version of Hindstep');
    }
  });
});

/** Paths of the members that a schema speaks of, `*` for any element; definitions of one shape are followed. */
function membersOf(node: Json, path: string): string[] {
  const reference = field(node, '$ref');
  if (typeof reference === 'string') {
    const definition = at(schema, 'definitions', reference.split('/').at(-1) ?? '') ?? null;
    return field(definition, 'oneOf') === undefined ? membersOf(definition, path) : [];
  }
  const named = Object.entries(field(node, 'properties') ?? {}).flatMap(([name, member]) => [
    `${path}/${name}`,
    ...membersOf(member as Json, `${path}/${name}`),
  ]);
  const items = field(node, 'items');
  return items === undefined ? named : [...named, ...membersOf(items, `${path}/*`)];
}

/** `expectation:mustCall/tool` for each member of each variant of a definition. */
function variantsOf(definition: string, tag: string): string[] {
  return asArray(at(schema, 'definitions', definition, 'oneOf')).flatMap((variant) => {
    const kind = at(variant, 'properties', tag);
    const kinds = asArray(field(kind, 'enum') ?? [field(kind, 'const') ?? null]);
    const names = Object.keys(field(variant, 'properties') ?? {});
    return kinds.flatMap((one) => names.map((name) => `${definition}:${String(one)}/${name}`));
  });
}

function isUsed(path: string): boolean {
  const [, table, kind = '', name = ''] = /^(\w+):(\w+)\/(.+)$/.exec(path) ?? [];
  if (table === 'expectation') return at(expectations, kind, name) !== undefined;
  if (table === 'valueMatcher') return at(matchers, kind, name) !== undefined;
  let here: Json | undefined = fixture;
  for (const part of path.split('/').slice(1)) {
    here = part === '*' ? asArray(here)[0] : isObject(here) ? here[part] : undefined;
  }
  return here !== undefined;
}
