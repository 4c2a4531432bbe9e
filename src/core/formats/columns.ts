import { asArray, field, isObject, type Json } from '../util/json.ts';
import { jsonText } from '../util/jsonText.ts';
import type { Cells, Column, Columns } from './format.ts';

/** Characters of a text column that says nothing of them. */
export const DEFAULT_MAX = 512;

/** Answers a record's cell, or undefined when it has none. */
type Pick = (record: Json) => Json | undefined;

/** A reader has a few sets of columns and many records: what each column asks for is worked out once. */
const pickers = new WeakMap<Columns, readonly (readonly [name: string, pick: Pick])[]>();

function pickersOf(columns: Columns): readonly (readonly [string, Pick])[] {
  const known = pickers.get(columns);
  if (known !== undefined) return known;
  const made = Object.entries(columns).map(([name, column]) => [name, pickOf(column)] as const);
  pickers.set(columns, made);
  return made;
}

/** Picks a record's columns from its parsed value. A byte-level picker (`CellBatch`) must give the same cells. */
export function pickCells(record: Json, columns: Columns): Cells {
  const cells: Record<string, Json> = {};
  for (const [name, pick] of pickersOf(columns)) {
    const cell = pick(record);
    if (cell !== undefined) cells[name] = cell;
  }
  return cells;
}

function pickOf(column: Column): Pick {
  const { unless } = column;
  const pick = pickAlways(column);
  if (unless === undefined) return pick;
  const follow = followOf(unless.path);
  return (record) => {
    const text = follow(record);
    return typeof text === 'string' && unless.is.includes(text) ? undefined : pick(record);
  };
}

function pickAlways(column: Column): Pick {
  if (column.aligned === true) return alignedPick(column);
  if (column.path.includes('*')) return listPick(column);
  const follow = followOf(column.path);
  return (record) => {
    const found = follow(record);
    return found === undefined ? undefined : cellOf(found, column);
  };
}

/** Follows a path without `*`. */
function followOf(path: Column['path']): Pick {
  const [first, ...others] = path;
  if (first === undefined) return (value) => value;
  const step: Pick =
    typeof first === 'string'
      ? (value) => field(value, first)
      : (value) => (Array.isArray(value) ? value[first] : undefined);
  if (others.length === 0) return step;
  const rest = followOf(others);
  return (value) => {
    const next = step(value);
    return next === undefined ? undefined : rest(next);
  };
}

function listPick(column: Column): Pick {
  return (record) => {
    let cells: Json[] | undefined;
    collect(record, column.path, 0, (value) => {
      cells ??= [];
      const cell = cellOf(value, column);
      if (cell !== undefined) cells.push(cell);
    });
    return cells;
  };
}

/** One cell for every element of the list at the path's `*`, null where an element has none. */
function alignedPick(column: Column): Pick {
  const star = column.path.indexOf('*');
  const follow = followOf(column.path.slice(0, star));
  const within = followOf(column.path.slice(star + 1));
  return (record) => {
    const list = follow(record);
    if (!Array.isArray(list)) return undefined;
    return list.map((element) => {
      const value = within(element);
      return value === undefined ? null : (cellOf(value, column) ?? null);
    });
  };
}

function collect(value: Json, path: Column['path'], level: number, found: (value: Json) => void): void {
  if (level === path.length) {
    found(value);
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

/** A column's cell from the raw value, or list of raw values, that its path led to. */
export function finishCell(raw: Json, column: Column): Json | undefined {
  if (!column.path.includes('*')) return cellOf(raw, column);
  const cells = asArray(raw).map((value) => cellOf(value, column));
  if (column.aligned === true) return cells.map((cell) => cell ?? null);
  return cells.filter((cell) => cell !== undefined);
}

function cellOf(cell: Json, column: Column): Json | undefined {
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
 * An OTLP `AnyValue` as plain JSON (opentelemetry-proto, common.proto). `intValue` is a string there, a number elsewhere;
 * Python's protobuf writes the fields' own names, `int_value`, when asked to.
 */
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
    case 'string_value':
    case 'boolValue':
    case 'bool_value':
    case 'bytesValue':
    case 'bytes_value':
      return inner ?? null;
    case 'intValue':
    case 'int_value':
    case 'doubleValue':
    case 'double_value':
      return Number(inner);
    case 'array_value':
    case 'arrayValue': {
      const values = field(inner, 'values');
      return Array.isArray(values) ? values.map((item) => unwrap(item, depth + 1)) : [];
    }
    case 'kvlist_value':
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
