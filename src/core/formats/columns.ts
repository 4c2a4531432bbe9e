import { asArray, at, field, isObject, type Json, type JsonObject } from '../util/json.ts';
import { jsonText } from '../util/jsonText.ts';
import type { Cells, Column, Columns } from './format.ts';

/** Characters of a `text` column that names no `max`. */
export const DEFAULT_MAX = 512;

interface Picker {
  readonly name: string;
  readonly column: Column;
  readonly finds: 'one' | 'all' | 'aligned';
}

/** A reader has a few sets of columns and many records: what each column asks for is worked out once. */
const pickers = new WeakMap<Columns, readonly Picker[]>();

function pickersOf(columns: Columns): readonly Picker[] {
  const known = pickers.get(columns);
  if (known !== undefined) return known;
  const made = Object.entries(columns).map(([name, column]): Picker => {
    const finds = column.aligned === true ? 'aligned' : column.path.includes('*') ? 'all' : 'one';
    return { name, column, finds };
  });
  pickers.set(columns, made);
  return made;
}

/** Picks a record's columns from its parsed value. A byte-level picker must give the same cells. */
export function pickCells(record: Json, columns: Columns): Cells {
  const cells: Record<string, Json> = {};
  for (const { name, column, finds } of pickersOf(columns)) {
    const cell = finds === 'one' ? oneCell(record, column) : listCell(record, column, finds);
    if (cell !== undefined) cells[name] = cell;
  }
  return cells;
}

function oneCell(record: Json, column: Column): Json | undefined {
  let here: Json | undefined = record;
  for (const part of column.path) {
    if (typeof part === 'string') here = field(here, part);
    else here = Array.isArray(here) ? here[part] : undefined;
    if (here === undefined) return undefined;
  }
  return cellOf(here, column);
}

function listCell(record: Json, column: Column, finds: 'all' | 'aligned'): Json[] | undefined {
  if (finds === 'aligned') return alignedCells(record, column);
  const found: Json[] = [];
  collect(record, column.path, 0, found);
  if (found.length === 0) return undefined;
  return found.map((value) => cellOf(value, column)).filter((value) => value !== undefined);
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

/** A value as a `text` column gives it, uncut; what bodies use where they must agree with a row made from columns. */
export function cellText(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : jsonText(value);
}

function cutText(value: Json, column: Column): string {
  if (column.lists === 'empty' && Array.isArray(value)) return '';
  const max = column.max ?? DEFAULT_MAX;
  const text = typeof value === 'string' ? value : jsonText(value, column.keep === 'end' ? undefined : max);
  if (text.length <= max) return text;
  return detached(column.keep === 'end' ? text.slice(-max) : text.slice(0, max));
}

/** A copy: engines keep the whole text alive as long as a slice of it lives, and rows live as long as the trace. */
function detached(slice: string): string {
  return ` ${slice}`.slice(1);
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
  return unwrap(value, 0);
}

/** Values nested deeper than this stay wrapped: no writer makes them, and a hostile one would overflow the stack. */
const MAX_DEPTH = 500;

function unwrap(value: Json, depth: number): Json {
  if (!isObject(value) || depth > MAX_DEPTH) return value;
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
      return Array.isArray(values) ? values.map((item) => unwrap(item, depth + 1)) : [];
    }
    case 'kvlistValue': {
      const values = field(inner, 'values');
      // `fromEntries` defines members, so that a key `__proto__` is data.
      return Object.fromEntries(
        asArray(values).map((item) => [String(field(item, 'key')), unwrap(field(item, 'value') ?? null, depth + 1)]),
      );
    }
    default:
      return value;
  }
}
