import { DEFAULT_MAX } from './columns.ts';
import type { Column, Columns } from './format.ts';

/** Bytes of one column's and one node's description; see source/wasm/assembly/pick.ts, which reads them. */
const SLOT = 32;
const NODE = 32;
const SLOTS = 16;
const BUCKETS = 64;
/** Names that can be told apart in one object, and columns of one record. */
const MAX_MEMBERS = 64;
const MAX_SLOTS = 256;
/** Names are compared 16 bytes at a time. */
const PADDING = 16;

const KINDS = { text: 0, number: 1, flag: 2, json: 3 } as const;
const FLAGS = { keepEnd: 1, listsEmpty: 2, list: 4, aligned: 8 } as const;

/** A column from some level of its path on. */
interface Wish {
  readonly slot: number;
  readonly column: Column;
  readonly level: number;
}

/**
 * What a set of columns asks of a record, compiled for the machine that picks them out of bytes; the parts are found by
 * their distance from the plan's start. Undefined for columns that only the parsed value can answer.
 */
export function cellPlan(columns: Columns): Uint8Array | undefined {
  const named = Object.entries(columns);
  if (!named.every(([name, column]) => name !== '__proto__' && isPlain(column))) return undefined;
  const writer = new PlanWriter(SLOTS + SLOT * named.length);
  // Columns that are not written follow those that are: the texts on which some of these depend.
  const hidden = named.flatMap(([, { unless }]) =>
    unless === undefined ? [] : [{ path: unless.path, kind: 'text' } satisfies Column],
  );
  const columnsOfPlan = [...named.map(([, column]) => column), ...hidden];
  if (columnsOfPlan.length > MAX_SLOTS || !hidden.every(isPlain)) return undefined;
  writer.set(0, named.length);
  writer.set(8, columnsOfPlan.length);
  let nextHidden = named.length;
  named.forEach(([name, column], slot) => {
    const text = writer.text(`${JSON.stringify(name)}:`);
    const max = Math.min(column.max ?? DEFAULT_MAX, 2 ** 30);
    const texts = (column.unless?.is ?? []).map((is) => writer.text(is));
    const fields = [
      ...[text.at, text.length, KINDS[column.kind], max, flagsOf(column)],
      ...[column.unless === undefined ? 0 : nextHidden++, texts.length],
      writer.numbers(texts.flatMap(({ at, length }) => [length, at])),
    ];
    fields.forEach((value, i) => {
      writer.set(SLOTS + SLOT * slot + 4 * i, value);
    });
  });
  const root = writeNode(
    writer,
    columnsOfPlan.map((column, slot) => ({ slot, column, level: 0 })),
  );
  if (root === undefined) return undefined;
  writer.set(4, root);
  return writer.bytes();
}

function isPlain({ path, max = 1, aligned, unless }: Column): boolean {
  const stars = path.filter((part) => part === '*').length;
  if (unless?.path.includes('*') === true) return false;
  if (!path.every((part) => part !== '' && (typeof part === 'string' || (Number.isInteger(part) && part >= 0)))) {
    return false;
  }
  if (max < 1 || (Number.isFinite(max) && !Number.isInteger(max))) return false;
  return aligned === undefined || stars === 1;
}

function flagsOf(column: Column): number {
  return (
    (column.keep === 'end' ? FLAGS.keepEnd : 0) |
    (column.lists === 'empty' ? FLAGS.listsEmpty : 0) |
    (column.path.includes('*') ? FLAGS.list : 0) |
    (column.aligned === true ? FLAGS.aligned : 0)
  );
}

/** Writes what is asked of one value; answers its place, or undefined when that is more than the machine can tell. */
function writeNode(writer: PlanWriter, wishes: readonly Wish[]): number | undefined {
  const part = ({ column, level }: Wish) => column.path[level];
  const here = wishes.filter(({ column, level }) => level === column.path.length);
  const own = here.map(({ slot }) => slot);
  const inObject = wishes.filter((wish) => typeof part(wish) === 'string' && part(wish) !== '*');
  const starred = wishes.filter((wish) => part(wish) === '*');
  const placed = wishes.filter((wish) => typeof part(wish) === 'number');

  const child = (some: readonly Wish[]) =>
    some.length === 0
      ? 0
      : writeNode(
          writer,
          some.map((wish) => ({ ...wish, level: wish.level + 1 })),
        );
  const members = writeMembers(
    writer,
    groupBy(inObject, (wish) => String(part(wish))),
    child,
  );
  const last = Math.max(-1, ...placed.map((wish) => Number(part(wish))));
  if (last > 1000) return undefined;
  const positions = Array.from({ length: last + 1 }, (_, i) =>
    child([...placed.filter((wish) => part(wish) === i), ...starred]),
  );
  const others = child(starred);
  if (members === undefined || others === undefined) return undefined;
  if (!positions.every((position) => position !== undefined)) return undefined;
  const aligned = starred.filter(({ column }) => column.aligned === true).map(({ slot }) => slot);

  const at = writer.room(NODE);
  const fields = [
    ...[own.length, writer.numbers(own), inObject.length > 0 ? members : 0],
    ...[positions.length, writer.numbers(positions), others, aligned.length, writer.numbers(aligned)],
  ];
  fields.forEach((value, i) => {
    writer.set(at + 4 * i, value);
  });
  return at;
}

/** A table of names, by buckets of what their ends look like. */
function writeMembers(
  writer: PlanWriter,
  groups: ReadonlyMap<string, readonly Wish[]>,
  nodeOf: (wishes: readonly Wish[]) => number | undefined,
): number | undefined {
  if (groups.size > MAX_MEMBERS) return undefined;
  const table = writer.room(4 * BUCKETS);
  let bit = 0;
  for (const [name, wishes] of groups) {
    const node = nodeOf(wishes);
    if (node === undefined) return undefined;
    const text = writer.text(name);
    const bucket = table + 4 * ((text.length + text.first * 3 + text.last * 5) % BUCKETS);
    const at = writer.numbers([writer.get(bucket), text.length, text.at, bit++, node]);
    writer.set(bucket, at);
  }
  return table;
}

function groupBy(wishes: readonly Wish[], keyOf: (wish: Wish) => string): Map<string, Wish[]> {
  const groups = new Map<string, Wish[]>();
  for (const wish of wishes) {
    const group = groups.get(keyOf(wish));
    if (group === undefined) groups.set(keyOf(wish), [wish]);
    else group.push(wish);
  }
  return groups;
}

/** Bytes that grow; numbers are 32 bits, little-endian, at multiples of 4. */
class PlanWriter {
  private data = new DataView(new ArrayBuffer(4096));

  constructor(private size: number) {
    this.grow();
  }

  room(length: number): number {
    const at = this.size;
    this.size += (length + 3) & ~3;
    this.grow();
    return at;
  }

  set(at: number, value: number): void {
    this.data.setInt32(at, value, true);
  }

  get(at: number): number {
    return this.data.getInt32(at, true);
  }

  numbers(values: readonly number[]): number {
    const at = this.room(4 * values.length);
    values.forEach((value, i) => {
      this.set(at + 4 * i, value);
    });
    return at;
  }

  text(text: string): { at: number; length: number; first: number; last: number } {
    const bytes = new TextEncoder().encode(text);
    const at = this.room(bytes.length + PADDING);
    new Uint8Array(this.data.buffer).set(bytes, at);
    return { at, length: bytes.length, first: bytes[0] ?? 0, last: bytes.at(-1) ?? 0 };
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.data.buffer, 0, this.size);
  }

  private grow(): void {
    if (this.size <= this.data.byteLength) return;
    const larger = new Uint8Array(2 * this.size);
    larger.set(new Uint8Array(this.data.buffer));
    this.data = new DataView(larger.buffer);
  }
}
