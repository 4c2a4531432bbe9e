import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../util/json.ts';
import { LINE_COLUMNS } from './claudeCode/lineColumns.ts';
import { pickCells } from './columns.ts';
import type { Column, Columns } from './format.ts';
import { ROW_COLUMNS } from './otlp/spanColumns.ts';
import { trimPlanOf } from './trimPlan.ts';
import { RecordTrimmer } from './trimRecord.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

function trimmed(bytes: Uint8Array, columns: Columns): string | undefined {
  const out = new Uint8Array(bytes.length + 10);
  const end = new RecordTrimmer().trim(bytes, trimPlanOf(columns), out, 10);
  return end < 0 ? undefined : decoder.decode(out.subarray(10, end));
}

const trim = (text: string, columns: Columns) => trimmed(new TextEncoder().encode(text), columns);

const name = fc.constantFrom('a', 'b', 'key', 'value', 'stringValue', 'attributes', 'é', '__proto__', 'a"b');
const piece = fc.oneof(fc.constantFrom('x', '\\', '"', '\n', 'é', '€', '😀', '\ud83d', '\ude00'), fc.string());
const longText = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
const { value: json } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    longText,
    fc.constantFrom<Json>(null, true, 0, -1.5e-7, ''),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }),
    fc.array(fc.record({ key: name, value: fc.oneof(fc.record({ stringValue: longText }), tie('value')) }), {
      maxLength: 4,
    }),
  ),
}));
const path = fc.array(fc.oneof(name, fc.constantFrom('*', '*', 0, 1)), { maxLength: 4 });
const column: fc.Arbitrary<Column> = fc
  .record({
    path,
    kind: fc.constantFrom('text', 'number', 'flag', 'json'),
    max: fc.integer({ min: 1, max: 30 }),
    end: fc.boolean(),
    empty: fc.boolean(),
    attribute: fc.option(fc.constantFrom('a', 'b', 'ke*'), { nil: undefined }),
  })
  .map(
    ({ end, empty, attribute, ...rest }): Column => ({
      ...rest,
      ...(end && { keep: 'end' }),
      ...(empty && { lists: 'empty' }),
      ...(attribute !== undefined && { attribute }),
      ...(rest.path.filter((part) => part === '*').length === 1 && { aligned: true }),
    }),
  );
const columns = fc.dictionary(fc.constantFrom('p', 'q', 'r', 's'), column);

/** JSON text in the manners that writers have: compact, indented, escaped to ASCII. */
const written = fc.tuple(json, fc.constantFrom('compact', 'indented', 'ascii')).map(([value, manner]) => {
  const text = JSON.stringify(value, null, manner === 'indented' ? 2 : undefined);
  if (manner !== 'ascii') return text;
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
});

describe('RecordTrimmer', () => {
  it('gives the columns of the record', () => {
    fc.assert(
      fc.property(written, columns, (text, asked) => {
        const copy = trim(text, asked);
        fc.pre(copy !== undefined);
        expect(copy?.length).toBeLessThanOrEqual(text.length);
        expect(pickCells(JSON.parse(copy ?? '') as Json, asked)).toEqual(pickCells(JSON.parse(text) as Json, asked));
      }),
      { numRuns: 3000 },
    );
  });

  it('takes nothing that a strict parser would not take', () => {
    const change = fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }), drop: fc.boolean() });
    fc.assert(
      fc.property(written, columns, change, (text, asked, { at, byte, drop }) => {
        const bytes = new TextEncoder().encode(text);
        const place = at % bytes.length;
        const harmed = drop ? bytes.filter((_, i) => i !== place) : bytes.with(place, byte);
        const copy = trimmed(harmed, asked);
        fc.pre(copy !== undefined);
        const value = JSON.parse(decoder.decode(harmed)) as Json;
        expect(pickCells(JSON.parse(copy ?? '') as Json, asked)).toEqual(pickCells(value, asked));
      }),
      { numRuns: 3000 },
    );
  });

  it('keeps only what a reader asks for', () => {
    const line = {
      type: 'user',
      uuid: 'u',
      cwd: '/x',
      message: { role: 'user', content: [{ type: 'text', text: 'hi' }] },
    };
    const { cwd: _cwd, message, ...kept } = line;
    expect(JSON.parse(trim(JSON.stringify(line), LINE_COLUMNS) ?? '')).toEqual({
      ...kept,
      message: { content: message.content },
    });
    const result = { key: 'gen_ai.tool.call.result', value: { stringValue: `${'é'.repeat(3000)}end` } };
    const span = { spanId: '1', attributes: [{ key: 'other', value: { stringValue: 'y' } }, result] };
    const copy = trim(JSON.stringify(span), ROW_COLUMNS) ?? '';
    expect(copy).toMatch(
      /^\{"spanId":"1","attributes":\[\{"key":"gen_ai\.tool\.call\.result","value":\{"stringValue":"é+end"\}\}\]\}$/,
    );
    expect(copy.length).toBeLessThan(4000);
  });

  it('leaves deep nesting and names with escapes to the parser', () => {
    expect(trim(`{"a":${'['.repeat(300)}${']'.repeat(300)}}`, { a: { path: ['b'], kind: 'text' } })).toBeUndefined();
    expect(trim('{"\\u0061":1}', { a: { path: ['a'], kind: 'text' } })).toBeUndefined();
  });
});
