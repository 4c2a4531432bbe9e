import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { RecordPlace } from '../source/layout.ts';
import { borrowMachine, giveBack } from '../source/wasm/scanMachine.ts';
import type { Json } from '../util/json.ts';
import { CellBatch } from './cellBatch.ts';
import { LINE_COLUMNS } from './claudeCode/lineColumns.ts';
import { pickCells } from './columns.ts';
import type { Cells, Column, Columns } from './format.ts';
import { messageColumns } from './shared/chat/messageColumns.ts';

const machine = await borrowMachine();
if (machine === undefined) throw new Error('Node has WebAssembly with SIMD.');
const memory = machine.chunks[0];
afterAll(() => giveBack(machine));

const encoder = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Hands records on as a reading does; answers each one's cells, or undefined for those that have to be parsed. */
function picked(records: readonly Uint8Array[], columns: Columns): (Cells | undefined)[] {
  const cells: (Cells | undefined)[] = records.map(() => undefined);
  const batch = new CellBatch((place, found) => {
    cells[place.ordinal] = found;
  });
  memory.fill(0x2c);
  let at = 1;
  for (const [ordinal, bytes] of records.entries()) {
    memory.set(bytes, at);
    const place: RecordPlace = { ordinal, selector: '', document: 0, path: [], start: 0, end: bytes.length };
    if (!batch.add(place, columns, memory.subarray(at, at + bytes.length))) batch.flush();
    at += bytes.length + 1;
  }
  batch.flush();
  return cells;
}

const pick = (text: string, columns: Columns) => picked([encoder.encode(text)], columns)[0];

function parsed(bytes: Uint8Array): { value: Json } | undefined {
  try {
    return { value: JSON.parse(strict.decode(bytes)) as Json };
  } catch {
    return undefined;
  }
}

const name = fc.constantFrom(
  'a',
  'b',
  'key',
  'value',
  'stringValue',
  'attributes',
  'é',
  '__proto__',
  'a"b',
  'x'.repeat(40),
);
const piece = fc.oneof(
  fc.constantFrom(
    'x',
    '\\',
    '"',
    '\n',
    'é',
    '€',
    '😀',
    '\ud83d',
    '\ude00',
    '12',
    'plain text that is longer than a block',
  ),
  fc.string(),
);
const longText = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1e21, 1e-7, 123456789012345, 1234567890123456, 0.1),
);
const { value: json } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    longText,
    number,
    fc.constantFrom<Json>(null, true, false, '', '-12', '007', '-0', ' 3 ', '1e5', '0'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const path = fc.array(fc.oneof(name, fc.constantFrom<string | number>('*', '*', 0, 1)), { maxLength: 4 });
const column: fc.Arbitrary<Column> = fc
  .record({
    path,
    kind: fc.constantFrom('text' as const, 'number' as const, 'flag' as const, 'json' as const),
    max: fc.integer({ min: 1, max: 80 }),
    end: fc.boolean(),
    empty: fc.boolean(),
    aligned: fc.boolean(),
    unless: fc.option(
      fc.record({ path: fc.array(name, { maxLength: 2 }), is: fc.array(fc.constantFrom('x', '12', '', '"', '😀')) }),
      { nil: undefined },
    ),
  })
  .map(({ end, empty, aligned, unless, ...rest }): Column => {
    const stars = rest.path.filter((part) => part === '*').length;
    return {
      ...rest,
      ...(end && { keep: 'end' }),
      ...(empty && { lists: 'empty' }),
      ...(unless !== undefined && { unless }),
      ...(aligned && stars === 1 && { aligned: true }),
    };
  });
const columns = fc.dictionary(fc.constantFrom('p', 'q', 'r', 's', 't'), column, { noNullPrototype: true });

/** JSON text in the manners that writers have: compact, indented, escaped to ASCII. */
function write(value: Json, manner: string): string {
  const text = JSON.stringify(value, null, manner === 'indented' ? 2 : undefined);
  if (manner !== 'ascii') return text;
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
const manner = fc.constantFrom('compact', 'indented', 'ascii');

/** A record under the paths that columns ask for, so that most of them find something. */
const record = fc.oneof(json, fc.dictionary(name, json, { noNullPrototype: true }));

describe('CellBatch', () => {
  it('gives the cells that the parsed records give', () => {
    let taken = 0;
    let all = 0;
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), manner, columns, (values, how, asked) => {
        const texts = values.map((value) => write(value, how));
        for (const [i, cells] of picked(
          texts.map((text) => encoder.encode(text)),
          asked,
        ).entries()) {
          all++;
          if (cells === undefined) continue;
          taken++;
          const expected = pickCells(JSON.parse(texts[i] as string) as Json, asked);
          expect(cells).toEqual(expected);
          expect(Object.keys(cells)).toEqual(Object.keys(expected));
        }
      }),
      { numRuns: 4000 },
    );
    expect(taken / all).toBeGreaterThan(0.3);
  });

  it('gives what JSON.parse makes of members that are there twice', () => {
    const asked: Columns = { a: { path: ['a', 'b'], kind: 'text' } };
    const texts = ['{"a":{"b":"1"},"a":{"c":2}}', '{"a":{"b":"1","b":"2"}}', '{"\\u0061":{"b":"2"}}'];
    for (const text of texts) {
      const cells = pick(text, asked);
      if (cells !== undefined) expect(cells).toEqual(pickCells(JSON.parse(text) as Json, asked));
    }
  });

  it('takes what real readers ask for of whole records', () => {
    const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":1}' } };
    const message = { role: 'assistant', content: 'é'.repeat(20_000), tool_calls: [call], usage: { n: 1 }, id: 7 };
    const block = { type: 'tool_use', id: 't', name: 'Bash', input: { command: 'ls' } };
    const line = { type: 'assistant', isMeta: true, message: { content: [{ type: 'text', text: '😀' }, block] } };
    for (const [value, asked] of [
      [message, messageColumns(false)],
      [line, LINE_COLUMNS],
    ] as const) {
      expect(pick(JSON.stringify(value), asked)).toEqual(pickCells(value as unknown as Json, asked));
    }
  });

  it('takes nothing that a strict parser would not take', () => {
    const change = fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }), drop: fc.boolean() });
    fc.assert(
      fc.property(record, manner, columns, change, (value, how, asked, { at, byte, drop }) => {
        const bytes = encoder.encode(write(value, how));
        const place = at % bytes.length;
        const harmed = drop ? bytes.filter((_, i) => i !== place) : bytes.with(place, byte);
        const [cells] = picked([harmed], asked);
        if (cells === undefined) return;
        const whole = parsed(harmed);
        expect(whole === undefined ? 'no JSON' : pickCells(whole.value, asked)).toEqual(cells);
      }),
      { numRuns: 4000 },
    );
  });

  it('checks numbers, words and escapes as JSON.parse does', () => {
    const texts = [
      '01',
      '-',
      '1.',
      '.5',
      '1e',
      '1e+',
      '+1',
      'tru',
      'nulll',
      'NaN',
      '"\\x"',
      '"\\u12g4"',
      '"\t"',
      '[1,]',
      '{"a":1,}',
    ];
    for (const text of [...texts, '{"a" 1}', '[1 2]', '', ' ', '"', '{', '[', '{"a":', '[[]', '1 1', "{'a':1}"]) {
      expect([text, pick(text, {})]).toEqual([text, undefined]);
    }
    for (const text of ['0', '-0.5E-7', ' [ ] ', '{ }', '"\\u00e9\\/\\b"', 'true', '[1e400, null]', '\t\r\n 1 ']) {
      expect([text, pick(text, {})]).toEqual([text, {}]);
    }
  });

  it('leaves columns out of records in which a text forbids them', () => {
    const asked: Columns = { a: { path: ['a'], kind: 'text', unless: { path: ['role'], is: ['tool', 'näh'] } } };
    for (const [role, expected] of [
      ['tool', {}],
      ['tools', { a: 'x' }],
      ['näh', {}],
      [['tool'], { a: 'x' }],
      [undefined, { a: 'x' }],
    ] as const) {
      const value = { a: 'x', ...(role !== undefined && { role: role as Json }) };
      expect(pickCells(value, asked)).toEqual(expected);
      expect(pick(JSON.stringify(value), asked)).toEqual(expected);
    }
    expect(pick('{"a":"x","role":"too\\u006c"}', asked)).toBeUndefined();
  });

  it('cuts texts by UTF-16 units, at both ends, wherever a character or an escape lies', () => {
    const text = fc.oneof(longText, fc.string({ unit: fc.constantFrom('😀', '\u4e2d', 'a', '\n'), maxLength: 400 }));
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 300 }), manner, (value, max, how) => {
        const asked: Columns = {
          head: { path: ['t'], kind: 'text', max },
          tail: { path: ['t'], kind: 'text', max, keep: 'end' },
        };
        expect(pick(write({ t: value }, how), asked)).toEqual(pickCells({ t: value }, asked));
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves records to be parsed that nest too deep or hold more than there is room for', () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    expect(pick(deep, {})).toBeUndefined();
    const many = JSON.stringify({ a: Array.from({ length: 20_000 }, () => 1) });
    expect(pick(many, { a: { path: ['a', '*'], kind: 'json' } })).toBeUndefined();
    expect(pick(many, { a: { path: ['a'], kind: 'json' } })).toEqual(JSON.parse(many));
  });
});
