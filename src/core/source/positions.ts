import type { ByteSource } from './byteSource.ts';
import { toUtf8 } from './toUtf8.ts';

/** 1-based line and column of both ends of a stretch, columns in UTF-16 units, as editors count them. */
export interface TextRange {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

const CHUNK = 1024 * 1024;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const MARK_LENGTH = 3;

/**
 * Lines and columns of byte ranges of an opened trace's file, in the order given, by one pass up to the last of them.
 * `source` is the file as it stands on disk; the ranges are those of its trace (of a UTF-16 file: of its UTF-8 form, which
 * has the same text and so the same lines and columns). A byte-order mark is no column. A line ends with `\\n`, `\\r\\n` or a
 * lone `\\r`, as in VS Code. An offset beyond the end is the end.
 */
export async function positionsOf(
  source: ByteSource,
  ranges: readonly { readonly start: number; readonly end: number }[],
): Promise<TextRange[]> {
  const sorted = [...new Set(ranges.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  const found = await positionsOfSorted(source, sorted);
  const at = (offset: number) => found.get(offset) ?? { line: 1, column: 1 };
  return ranges.map(({ start, end }) => {
    const [from, to] = [at(start), at(end)];
    return { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
  });
}

async function positionsOfSorted(original: ByteSource, offsets: readonly number[]): Promise<Map<number, Position>> {
  const source = await toUtf8(original);
  const counter = new Counter(await markLength(original));
  const found = new Map<number, Position>();
  let base = 0;
  let next = 0;
  while (next < offsets.length && base < source.size) {
    const chunk = await source.read(base, CHUNK);
    if (chunk.length === 0) break;
    let from = 0;
    for (let offset = offsets[next]; offset !== undefined && offset < base + chunk.length; offset = offsets[++next]) {
      const to = Math.max(0, offset - base);
      counter.count(chunk, from, to, base);
      found.set(offset, counter.before(chunk[to] ?? 0));
      from = to;
    }
    if (next < offsets.length) counter.count(chunk, from, chunk.length, base);
    base += chunk.length;
  }
  for (const offset of offsets.slice(next)) found.set(offset, counter.before(0));
  return found;
}

async function markLength(source: ByteSource): Promise<number> {
  const [a, b, c] = await source.read(0, MARK_LENGTH);
  return a === 0xef && b === 0xbb && c === 0xbf ? MARK_LENGTH : 0;
}

class Counter {
  private line = 1;
  private units = 0;
  /** A carriage return was the last byte: whether it ends the line depends on the next one. */
  private afterReturn = false;

  constructor(private readonly skip: number) {}

  count(chunk: Uint8Array, from: number, to: number, base: number): void {
    let { line, units, afterReturn } = this;
    for (let i = Math.max(from, this.skip - base); i < to; i++) {
      const byte = chunk[i] as number;
      if (byte === LINE_FEED) {
        line++;
        units = 0;
        afterReturn = false;
        continue;
      }
      if (afterReturn) {
        line++;
        units = 0;
      }
      afterReturn = byte === CARRIAGE_RETURN;
      // A UTF-8 sequence is one unit at its first byte, or two when it has four bytes; its other bytes are 10xxxxxx.
      if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
    }
    this.line = line;
    this.units = units;
    this.afterReturn = afterReturn;
  }

  /** Where the counted bytes end, when `byte` comes next. */
  before(byte: number): Position {
    if (this.afterReturn && byte !== LINE_FEED) return { line: this.line + 1, column: 1 };
    return { line: this.line, column: this.units + 1 };
  }
}
