import { asArray, field, isObject, type Json } from '../../util/json.ts';
import { escapePointerPart } from '../../util/pointer.ts';
import { asAmount } from '../numbers.ts';
import { chunksOf, hashOfNumber } from '../tokens.ts';
import type { Asked, Derivation, Grounds } from './derivation.ts';

/** Schemas inside `anyOf`, `oneOf` and `allOf` that are looked at. */
const MOST_SCHEMAS = 200;

export const schemaValue: Derivation = {
  id: 'schema',
  summary: 'a value that the tool’s schema names: `enum`, `const` or `default`',
  grounds: (asked) => inSchemaOfTool(asked) ?? inAnySchema(asked),
};

/** In the schema of the very argument. */
function inSchemaOfTool({ index, value, tool, path = [] }: Asked): Grounds | undefined {
  const at = index.run.tools?.findIndex(({ name }) => name === tool) ?? -1;
  const schema = index.run.tools?.[at]?.inputSchema;
  if (schema === undefined || path.length === 0) return undefined;
  for (const { node, pointer } of schemasAt(schema, `/tools/${at}/inputSchema`, path)) {
    const place = placeIn(node, value);
    if (place === undefined) continue;
    const how = place === '/default' ? 'the default of the tool’s schema' : 'a value that the tool’s schema allows';
    return grounds(how, `${pointer}${place}`, value);
  }
  return undefined;
}

/** In a schema of any tool: one tool's default may be what another is asked for. */
function inAnySchema({ index, value, leaf }: Asked): Grounds | undefined {
  if (leaf === 'trivial' || (typeof value !== 'string' && typeof value !== 'number')) return undefined;
  const amount = asAmount(value);
  const hashes =
    amount === undefined ? chunksOf(String(value)).map(({ hash }) => hash) : [hashOfNumber(Math.abs(amount))];
  if (hashes.length === 0 || !hashes.every((hash) => index.allows(hash))) return undefined;
  return grounds('a value that a tool’s schema allows', '/tools', value);
}

function grounds(how: string, pointer: string, value: Json): Grounds {
  return {
    how,
    parents: [{ text: { step: -1, pointer, role: 'system' }, sought: { kind: 'words', words: String(value) } }],
  };
}

interface Place {
  readonly node: Json;
  readonly pointer: string;
}

/** The schemas that an argument's place has, through alternatives. */
function schemasAt(schema: Json, pointer: string, path: readonly string[]): Place[] {
  let here = withAlternatives([{ node: schema, pointer }]);
  for (const part of path) {
    here = withAlternatives(
      here.flatMap(({ node, pointer: above }) => {
        const named = field(field(node, 'properties'), part);
        if (named !== undefined) return [{ node: named, pointer: `${above}/properties/${escapePointerPart(part)}` }];
        const items = /^\d+$/.test(part) ? field(node, 'items') : undefined;
        return isObject(items) ? [{ node: items, pointer: `${above}/items` }] : [];
      }),
    );
  }
  return here;
}

function withAlternatives(places: readonly Place[]): Place[] {
  const all = [...places];
  for (let i = 0; i < all.length && all.length < MOST_SCHEMAS; i++) {
    const { node, pointer } = all[i] as Place;
    for (const key of ['anyOf', 'oneOf', 'allOf']) {
      for (const [j, child] of asArray(field(node, key)).entries())
        all.push({ node: child, pointer: `${pointer}/${key}/${j}` });
    }
  }
  return all;
}

function placeIn(node: Json, value: Json): string | undefined {
  const at = asArray(field(node, 'enum')).indexOf(value);
  if (at >= 0) return `/enum/${at}`;
  if (field(node, 'const') === value) return '/const';
  return field(node, 'default') === value ? '/default' : undefined;
}
