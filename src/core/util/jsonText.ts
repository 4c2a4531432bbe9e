import type { Json } from './json.ts';

type Frame = { readonly close: string; readonly rest: Iterator<readonly [string, Json]> };

/**
 * The JSON text of a value as `JSON.stringify` gives it, but it stops at `max` characters (so a cell of a huge value
 * costs little) and never recurses (a trace may nest 20,000 deep, where `JSON.stringify` overflows the stack).
 * Members keep their order, or are sorted by UTF-16 code unit when `sorted`.
 */
export function jsonText(value: Json, max = Number.POSITIVE_INFINITY, sorted = false): string {
  if (!sorted && isSmall(value, 0)) {
    const text = JSON.stringify(value);
    return text.length > max ? text.slice(0, max) : text;
  }
  const pieces: string[] = [];
  const stack: Frame[] = [];
  let length = 0;
  const write = (piece: string) => {
    pieces.push(piece);
    length += piece.length;
  };
  const begin = (node: Json) => {
    if (typeof node !== 'object' || node === null) write(scalarText(node, max));
    else if (Array.isArray(node)) {
      write('[');
      stack.push({ close: ']', rest: elements(node) });
    } else {
      write('{');
      stack.push({ close: '}', rest: members(node, sorted) });
    }
  };
  begin(value);
  for (let top = stack.at(-1); top !== undefined && length < max; top = stack.at(-1)) {
    const next = top.rest.next();
    if (next.done === true) {
      write(top.close);
      stack.pop();
      continue;
    }
    write(next.value[0]);
    begin(next.value[1]);
  }
  const text = pieces.join('');
  return text.length > max ? text.slice(0, max) : text;
}

/** Members of a value, and characters of a text, up to which it is written in one go. */
const SMALL = { depth: 4, members: 16, text: 1000 };

function isSmall(value: Json, depth: number): boolean {
  if (typeof value === 'string') return value.length <= SMALL.text;
  if (typeof value !== 'object' || value === null) return true;
  if (depth === SMALL.depth) return false;
  const members = Array.isArray(value) ? value : Object.values(value);
  return members.length <= SMALL.members && members.every((member) => isSmall(member, depth + 1));
}

function* elements(array: readonly Json[]): Generator<readonly [string, Json]> {
  let before = '';
  for (const element of array) {
    yield [before, element];
    before = ',';
  }
}

function* members(object: { readonly [key: string]: Json }, sorted: boolean): Generator<readonly [string, Json]> {
  const keys = Object.keys(object);
  if (sorted) keys.sort();
  let before = '';
  for (const key of keys) {
    yield [`${before}${JSON.stringify(key)}:`, object[key] ?? null];
    before = ',';
  }
}

/** As `JSON.stringify` writes it (NaN and Infinity as null); of a long string only what `max` characters can show. */
function scalarText(value: null | boolean | number | string, max: number): string {
  return JSON.stringify(typeof value === 'string' && value.length > max ? value.slice(0, max) : value);
}
