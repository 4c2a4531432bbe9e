import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordPlace } from '../source/layout.ts';
import { pickCells } from './columns.ts';
import type { Columns } from './format.ts';
import { parseRecord } from './parseRecord.ts';
import { RecordBatch } from './recordBatch.ts';

const COLUMNS: Columns = {
  id: { path: ['id'], kind: 'number' },
  text: { path: ['text'], kind: 'text', max: 20 },
  end: { path: ['text'], kind: 'text', max: 20, keep: 'end' },
};

/** What a batch hands on of records, each taken from bytes that are overwritten right after. */
function handedOn(texts: readonly string[]) {
  const found: unknown[] = [];
  const batch = new RecordBatch(
    () => COLUMNS,
    ({ ordinal }, { value, problem }) =>
      found.push([ordinal, value === undefined ? undefined : pickCells(value, COLUMNS), problem]),
  );
  for (const [ordinal, text] of texts.entries()) {
    const bytes = new TextEncoder().encode(text);
    const place: RecordPlace = { ordinal, selector: 'a', document: 0, path: [], start: 0, end: bytes.length };
    batch.add(place, bytes);
    bytes.fill(0);
  }
  batch.flush();
  return found;
}

function oneByOne(texts: readonly string[]) {
  return texts.map((text, ordinal) => {
    const { value, problem } = parseRecord(new TextEncoder().encode(text));
    return [ordinal, value === undefined ? undefined : pickCells(value, COLUMNS), problem];
  });
}

describe('RecordBatch', () => {
  it('hands on what each record is by itself, in order, whatever its neighbours are', () => {
    const record = fc.record({
      id: fc.nat(),
      text: fc.oneof(
        fc.string(),
        fc.nat({ max: 5000 }).map((length) => 'long é "text"\n'.repeat(length / 10)),
      ),
      more: fc.constantFrom(undefined, 'x'.repeat(2000)),
    });
    const broken = fc.constantFrom('{"id":1', '{"id":NaN}', '1,2', '', ']', '{"id":1,}', '\u0000');
    const text = fc.oneof(
      { weight: 20, arbitrary: record.map((value) => JSON.stringify(value)) },
      { weight: 1, arbitrary: broken },
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 60 }), (texts) => {
        expect(handedOn(texts)).toEqual(oneByOne(texts));
      }),
    );
  });

  it('takes records that are larger than a batch', () => {
    const texts = [10, 400_000, 10, 1_000_000].map((size, id) => JSON.stringify({ text: 'é'.repeat(size), id }));
    expect(handedOn(texts)).toEqual(oneByOne(texts));
  });
});
