import { asArray, at, field, isObject, type Json, type JsonObject } from '../util/json.ts';
import { jsonText } from '../util/jsonText.ts';
import type { Cells, Column, Columns } from './format.ts';

const DEFAULT_MAX = 512;

/** Picks a record's columns from its parsed value. A byte-level picker must give the same cells. */
export function pickCells(record: Json, columns: Columns): Cells {
  const cells: Record<string, Json> = {};
  for (const [name, column] of Object.entries(columns)) {
    if (column.aligned === true) {
      const list = alignedCells(record, column);
      if (list !== undefined) cells[name] = list;
      continue;
    }
    const found: Json[] = [];
    collect(record, column.path, 0, found);
    const values = found.map((value) => cellOf(value, column)).filter((value) => value !== undefined);
    if (column.path.includes('*')) {
      if (found.length > 0) cells[name] = values;
    } else if (values[0] !== undefined) cells[name] = values[0];
  }
  return cells;
}

/** One cell for every element of the list at the path's `*`, null where an element has none. */
function alignedCells(record: Json, column: Column): Json[] | undefined {
  const star = column.path.indexOf('*');
  const list = at(record, ...column.path.slice(0, star));
  if (!Array.isArray(list)) return undefined;
  return list.map((element) => {
    const value = at(element, ...column.path.slice(star + 1));
    return value === undefined ? null : (cellOf(value, column) ?? null);
  });
}

function collect(value: Json, path: Column['path'], level: number, found: Json[]): void {
  if (level === path.length) {
    found.push(value);
    return;
  }
  const part = path[level];
  if (part === '*') {
    if (Array.isArray(value)) for (const element of value) collect(element, path, level + 1, found);
    return;
  }
  const next = typeof part === 'number' ? (Array.isArray(value) ? value[part] : undefined) : field(value, String(part));
  if (next !== undefined) collect(next, path, level + 1, found);
}

function cellOf(value: Json, column: Column): Json | undefined {
  const cell = column.attribute === undefined ? value : attributeOf(value, column.attribute);
  if (cell === undefined) return undefined;
  switch (column.kind) {
    case 'text':
      return cell === null ? undefined : cutText(cell, column);
    case 'number': {
      const number = typeof cell === 'string' && cell.trim() !== '' ? Number(cell) : cell;
      return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
    }
    case 'flag':
      return typeof cell === 'boolean' ? cell : undefined;
    case 'json':
      return cell;
  }
}

function cutText(value: Json, column: Column): string {
  const max = column.max ?? DEFAULT_MAX;
  if (column.keep === 'end') return (typeof value === 'string' ? value : jsonText(value)).slice(-max);
  return typeof value === 'string' ? value.slice(0, max) : jsonText(value, max);
}

/**
 * The value of `key` in an OTLP attribute list `[{key, value: AnyValue}]`, or of a plain attribute object. A `key` that
 * ends in `*` gives all attributes whose key starts so, as an object by what follows in their keys.
 */
export function attributeOf(attributes: Json, key: string): Json | undefined {
  if (key.endsWith('*')) return attributesUnder(attributes, key.slice(0, -1));
  if (isObject(attributes)) return field(attributes, key);
  if (!Array.isArray(attributes)) return undefined;
  const entry = attributes.find((item) => field(item, 'key') === key);
  const value = field(entry, 'value');
  return value === undefined ? undefined : unwrapAnyValue(value);
}

function attributesUnder(attributes: Json, prefix: string): JsonObject | undefined {
  const entries = Array.isArray(attributes)
    ? attributes.map((item): [unknown, Json] => [field(item, 'key'), unwrapAnyValue(field(item, 'value') ?? null)])
    : Object.entries(isObject(attributes) ? attributes : {});
  const found = entries.filter(([key]) => typeof key === 'string' && key.startsWith(prefix));
  return found.length === 0
    ? undefined
    : Object.fromEntries(found.map(([key, value]) => [String(key).slice(prefix.length), value]));
}

/** An OTLP `AnyValue` as plain JSON (opentelemetry-proto, common.proto). `intValue` is a string there, a number elsewhere. */
export function unwrapAnyValue(value: Json): Json {
  if (!isObject(value)) return value;
  const [key] = Object.keys(value);
  const inner = key === undefined ? undefined : value[key];
  switch (key) {
    case 'stringValue':
    case 'boolValue':
    case 'bytesValue':
      return inner ?? null;
    case 'intValue':
    case 'doubleValue':
      return Number(inner);
    case 'arrayValue': {
      const values = field(inner, 'values');
      return Array.isArray(values) ? values.map(unwrapAnyValue) : [];
    }
    case 'kvlistValue': {
      const values = field(inner, 'values');
      // `fromEntries` defines members, so that a key `__proto__` is data.
      return Object.fromEntries(
        asArray(values).map((item) => [String(field(item, 'key')), unwrapAnyValue(field(item, 'value') ?? null)]),
      );
    }
    default:
      return value;
  }
}
