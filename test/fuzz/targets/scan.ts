import { type Node, parseTree } from 'jsonc-parser';
import { readHead } from '../../../src/core/formats/head.ts';
import { FORMATS } from '../../../src/core/formats/registry.ts';
import { memorySource } from '../../../src/core/source/byteSource.ts';
import type { RecordLayout, RecordPlace, ScanEnd } from '../../../src/core/source/layout.ts';
import { scanRecords } from '../../../src/core/source/scanRecords.ts';
import { toUtf8 } from '../../../src/core/source/toUtf8.ts';
import { must, type Target } from '../target.ts';

/** Deeper documents are not compared with a tree: the parser that makes it recurses. */
const DEEPEST = 400;
const LONGEST = 300_000;

/** Layouts of no reader: records at the top, in members of any name, far down. */
const OTHERS: readonly RecordLayout[] = [
  { encoding: 'json', records: [{ name: 'top', path: [] }] },
  { encoding: 'json', records: [{ name: 'any', path: ['*'] }] },
  { encoding: 'jsonl', records: [{ name: 'line', path: [] }] },
  { encoding: 'concatenated', records: [{ name: 'member', path: ['*', '*'] }] },
];

/**
 * The scan for records: both twins find the same, in pieces of any size; in a document that JSON.parse takes, it finds exactly
 * what a parsed tree has at those paths.
 */
export const scan: Target = {
  id: 'scan for records',
  needsTrace: false,
  attack: async ({ bytes, random }) => {
    const source = await toUtf8(memorySource('trace', bytes));
    const all = await source.read(0, source.size);
    const head = await readHead(source);
    const layouts = FORMATS.flatMap((format) => {
      const detection = format.detect(head);
      return detection === undefined ? [] : [format.open(head, detection).layout];
    });
    for (const layout of [...layouts, random.pick(OTHERS)]) {
      const whole = await scanned(all, layout, all.length + 1, 'plain');
      // Small pieces cut more; a long file in small pieces only takes long.
      const piece = 1 + random.below(9) + Math.floor(all.length / 2000);
      for (const twin of ['plain', 'simd'] as const) {
        const inPieces = await scanned(all, layout, piece, twin);
        must(same(whole, inPieces), `in pieces of ${piece} bytes the ${twin} scan finds other records`);
      }
      if (layout.encoding === 'json') compareWithTree(all, layout, whole.places);
    }
  },
};

interface Scanned {
  readonly places: RecordPlace[];
  readonly end: ScanEnd;
}

async function scanned(
  bytes: Uint8Array,
  layout: RecordLayout,
  chunkSize: number,
  scan: 'plain' | 'simd',
): Promise<Scanned> {
  const places: RecordPlace[] = [];
  const take = (place: RecordPlace, record: Uint8Array) => {
    must(
      record.length === place.end - place.start,
      `a record of ${place.end - place.start} bytes came with ${record.length}`,
    );
    must(
      Buffer.compare(record, bytes.subarray(place.start, place.end)) === 0,
      `the record at ${place.start} came with other bytes`,
    );
    places.push(place);
  };
  const end = await scanRecords(memorySource('trace', bytes), layout, take, { chunkSize, scan });
  return { places, end };
}

function same(a: Scanned, b: Scanned): boolean {
  return JSON.stringify([a.places, a.end]) === JSON.stringify([b.places, b.end]);
}

function compareWithTree(bytes: Uint8Array, layout: RecordLayout, places: readonly RecordPlace[]): void {
  if (bytes.length > LONGEST || !isJson(bytes) || depthOf(bytes) > DEEPEST) return;
  // One character a byte, so that places in the text are places in the bytes; a name is read anew.
  const tree = parseTree(Buffer.from(bytes).toString('latin1'));
  const nameOf = ({ offset, length }: Node) =>
    String(JSON.parse(Buffer.from(bytes.subarray(offset, offset + length)).toString('utf8')));
  const wanted = tree === undefined ? [] : [...recordsIn(tree, layout, [], nameOf)];
  const found = places.filter(({ selector }) => selector !== '').map(({ start, end }) => `${start}-${end}`);
  must(found.join() === wanted.join(), `JSON.parse has ${wanted.length} records, the scan finds ${found.length}`);
}

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
}

function depthOf(bytes: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  for (const byte of bytes) {
    if (byte === 0x5b || byte === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return deepest;
}

function* recordsIn(
  node: Node,
  layout: RecordLayout,
  path: readonly string[],
  nameOf: (key: Node) => string,
): Generator<string> {
  const isRecord = layout.records.some(
    (selector) =>
      selector.path.length === path.length && selector.path.every((part, i) => part === '*' || part === path[i]),
  );
  if (isRecord) {
    yield `${node.offset}-${node.offset + node.length}`;
    return;
  }
  for (const child of node.children ?? []) {
    const [key, value] = child.type === 'property' ? (child.children ?? []) : [undefined, child];
    // An element's position is no name: only `*` stands for it.
    if (value !== undefined)
      yield* recordsIn(value, layout, [...path, key === undefined ? '\u0000' : nameOf(key)], nameOf);
  }
}
