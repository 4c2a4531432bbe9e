import { guardedRegExp } from '../util/guardedRegExp.ts';
import { asArray, field, isObject, type Json, type JsonObject } from '../util/json.ts';
import { sameJson } from './sameJson.ts';

/** Keywords that only describe. */
const WORDS = ['$schema', '$id', '$comment', 'title', 'description', 'default', 'examples', 'format', 'deprecated'];

/** What a keyword asks of a value. */
type Check = (wanted: Json, value: Json, schema: JsonObject) => boolean;

const numeric =
  (holds: (value: number, wanted: number) => boolean): Check =>
  (wanted, value) =>
    typeof value !== 'number' || typeof wanted !== 'number' || holds(value, wanted);

const sized =
  (size: (value: Json) => number | undefined, holds: (size: number, wanted: number) => boolean): Check =>
  (wanted, value) => {
    const found = size(value);
    return found === undefined || typeof wanted !== 'number' || holds(found, wanted);
  };

const lengthOf = (value: Json) => (typeof value === 'string' ? [...value].length : undefined);
const elementsOf = (value: Json) => (Array.isArray(value) ? value.length : undefined);
const membersOf = (value: Json) => (isObject(value) ? Object.keys(value).length : undefined);
const atLeast = (found: number, wanted: number) => found >= wanted;
const atMost = (found: number, wanted: number) => found <= wanted;

/** The part of JSON Schema that arguments use. What is not in here is refused by `unknownKeyword`, not passed over. */
const CHECKS: Readonly<Record<string, Check>> = {
  type: (wanted, value) => [wanted].flat().some((type) => isType(type, value)),
  enum: (wanted, value) => asArray(wanted).some((one) => sameJson(one, value)),
  const: (wanted, value) => sameJson(wanted, value),
  minimum: numeric(atLeast),
  maximum: numeric(atMost),
  exclusiveMinimum: numeric((value, wanted) => value > wanted),
  exclusiveMaximum: numeric((value, wanted) => value < wanted),
  minLength: sized(lengthOf, atLeast),
  maxLength: sized(lengthOf, atMost),
  minItems: sized(elementsOf, atLeast),
  maxItems: sized(elementsOf, atMost),
  minProperties: sized(membersOf, atLeast),
  maxProperties: sized(membersOf, atMost),
  pattern: (wanted, value) => {
    const pattern = guardedRegExp(String(wanted));
    return typeof value !== 'string' || (pattern.ok && pattern.value.test(value.slice(0, 10_000)));
  },
  items: (wanted, value) => !Array.isArray(value) || value.every((one) => fitsSchema(wanted, one)),
  required: (wanted, value) =>
    !isObject(value) || asArray(wanted).every((name) => typeof name === 'string' && Object.hasOwn(value, name)),
  properties: (wanted, value) =>
    !isObject(value) ||
    !isObject(wanted) ||
    Object.entries(wanted).every(([name, inner]) => {
      const member = field(value, name);
      return member === undefined || fitsSchema(inner, member);
    }),
  additionalProperties: (wanted, value, schema) =>
    !isObject(value) ||
    Object.entries(value).every(
      ([name, member]) => field(field(schema, 'properties'), name) !== undefined || fitsSchema(wanted, member),
    ),
  anyOf: (wanted, value) => asArray(wanted).some((one) => fitsSchema(one, value)),
  allOf: (wanted, value) => asArray(wanted).every((one) => fitsSchema(one, value)),
  oneOf: (wanted, value) => asArray(wanted).filter((one) => fitsSchema(one, value)).length === 1,
  not: (wanted, value) => !fitsSchema(wanted, value),
};

/** Keywords that hold schemas: one, a list of them, or some by name. */
const INNER = ['items', 'additionalProperties', 'not', 'anyOf', 'allOf', 'oneOf', 'properties'];

/** Whether a value fits a JSON Schema: `true`, `false`, or an object with the keywords above. */
export function fitsSchema(schema: Json, value: Json): boolean {
  if (!isObject(schema)) return schema !== false;
  return Object.entries(schema).every(([keyword, wanted]) => {
    const check = Object.hasOwn(CHECKS, keyword) ? CHECKS[keyword] : undefined;
    return check === undefined || check(wanted, value, schema);
  });
}

/** A keyword of a schema, at any depth, that is not understood here; undefined when all are. */
export function unknownKeyword(schema: Json): string | undefined {
  if (!isObject(schema)) return undefined;
  for (const [keyword, wanted] of Object.entries(schema)) {
    if (!Object.hasOwn(CHECKS, keyword) && !WORDS.includes(keyword)) return keyword;
    if (!INNER.includes(keyword)) continue;
    const inner = Array.isArray(wanted)
      ? wanted
      : keyword === 'properties' && isObject(wanted)
        ? Object.values(wanted)
        : [wanted];
    for (const one of inner) {
      const unknown = unknownKeyword(one);
      if (unknown !== undefined) return unknown;
    }
  }
  return undefined;
}

function isType(type: Json, value: Json): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      // JSON Schema's string, number and boolean are typeof's own names.
      return typeof value === type && value !== null && typeof value !== 'object';
  }
}
