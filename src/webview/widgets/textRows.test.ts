import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextRows } from './textRows.ts';

function rowsOf(text: string, columns: number): string[] {
  const rows = new TextRows(text, columns);
  return [...Array(rows.count).keys()].map((i) => {
    const { line, start, end } = rows.row(i);
    return rows.line(line).slice(start, end);
  });
}

describe('TextRows', () => {
  it('cuts lines, and long lines into stretches', () => {
    expect(rowsOf('one\r\nabcdefgh\n\nlast', 3)).toEqual(['one', 'abc', 'def', 'gh', '', 'las', 't']);
  });

  it('finds the row of a character', () => {
    const rows = new TextRows('one\nabcdefgh\nlast', 3);
    expect([0, 4, 7, 11, 13].map((at) => rows.rowOf(at))).toEqual([0, 1, 2, 3, 4]);
  });

  it('keeps a surrogate pair in one row', () => {
    expect(rowsOf('a😀b', 2)).toEqual(['a😀', 'b']);
  });

  it('shows every character of any text once', () => {
    const unit = fc.constantFrom('a', 'b', '\n', '😀', ' ');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 80 }), fc.integer({ min: 1, max: 9 }), (text, columns) => {
        expect(rowsOf(text, columns).join('')).toBe(text.replaceAll('\n', ''));
      }),
    );
  });
});
