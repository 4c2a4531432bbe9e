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

  it('wraps between words where that leaves little room empty', () => {
    expect(rowsOf('the service did not answer', 12)).toEqual(['the service ', 'did not ', 'answer']);
    expect(rowsOf('a incomprehensibilities', 8)).toEqual(['a incomp', 'rehensib', 'ilities']);
  });

  it('cuts a very long line by count alone', () => {
    const rows = new TextRows('word '.repeat(40_000), 80);
    expect([rows.count, rows.row(2499)]).toEqual([2500, { line: 0, start: 199_920, end: 200_000 }]);
    expect(rows.rowOf(199_999)).toBe(2499);
  });

  it('shows every character of any text once', () => {
    const unit = fc.constantFrom('a', 'b', '\n', '😀', ' ');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 80 }), fc.integer({ min: 1, max: 9 }), (text, columns) => {
        expect(rowsOf(text, columns).join('')).toBe(text.replaceAll('\n', ''));
        const rows = new TextRows(text, columns);
        for (let row = 0; row < rows.count; row++) {
          const { line, start, end } = rows.row(row);
          const before = text.split('\n').slice(0, line).join('\n').length + (line > 0 ? 1 : 0);
          if (end > start) expect(rows.rowOf(before + start)).toBe(row);
        }
      }),
    );
  });
});
