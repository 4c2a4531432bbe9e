import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteSource, memorySource, textSource } from './byteSource.ts';
import { positionsOf } from './positions.ts';
import { toUtf8 } from './toUtf8.ts';

/** Line and column of a UTF-16 index, counted plainly. */
function naive(text: string, index: number) {
  const lines = text.slice(0, index).split(/\r\n|\n|\r/);
  // Between the two characters of one line end, an editor still stands on the line that ends.
  if (text[index - 1] === '\r' && text[index] === '\n') {
    const last = lines.at(-2) ?? '';
    return { line: lines.length - 1, column: last.length + 2 };
  }
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

const pieces = fc.array(fc.constantFrom('a', 'é', '😀', '漢', '\n', '\r\n', '\r', '"', 'long text '), {
  maxLength: 40,
});

describe('positionsOf', () => {
  it('counts lines and UTF-16 columns as an editor does', async () => {
    await fc.assert(
      fc.asyncProperty(pieces, fc.boolean(), async (parts, mark) => {
        const text = parts.join('');
        const source = textSource('t', (mark ? '\ufeff' : '') + text);
        const before = mark ? 3 : 0;
        const indexes = [0, ...parts.map((_, i) => parts.slice(0, i + 1).join('').length)];
        const offsets = indexes.map((i) => before + new TextEncoder().encode(text.slice(0, i)).length);
        const ranges = offsets.map((start, i) => ({ start, end: offsets.at(-1 - i) ?? 0 }));
        const found = await positionsOf(source, ranges);
        const expected = ranges.map((_, i) => {
          const from = naive(text, indexes[i] ?? 0);
          const to = naive(text, indexes.at(-1 - i) ?? 0);
          return { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
        });
        expect(found).toEqual(expected);
      }),
    );
  });

  it('maps ranges of a UTF-16 file to the lines of its text', async () => {
    const text = '{"é":1}\n{"😀":2}';
    const little = new Uint8Array([0xff, 0xfe, ...[...text].flatMap(utf16)]);
    const offset = new TextEncoder().encode('{"é":1}\n{"😀"').length;
    for (const bytes of [little, little.subarray(2)]) {
      const source = memorySource('t', bytes);
      const utf8 = await toUtf8(source);
      expect(new TextDecoder().decode(await utf8.read(0, utf8.size))).toBe(text);
      const [range] = await positionsOf(source, [{ start: offset, end: 1e9 }]);
      expect(range).toEqual({ startLine: 2, startColumn: 6, endLine: 2, endColumn: 9 });
    }
  });

  it('reads a file larger than a chunk once, and no further than the last offset', async () => {
    const line = `${'x'.repeat(99)}\n`;
    const bytes = new TextEncoder().encode(line.repeat(50_000));
    let read = 0;
    const source: ByteSource = {
      name: 't',
      size: bytes.length,
      read: async (offset, length) => {
        read += Math.min(length, bytes.length - offset);
        return bytes.subarray(offset, offset + length);
      },
    };
    const [range] = await positionsOf(source, [{ start: 1_500_050, end: 1_500_151 }]);
    expect(range).toEqual({ startLine: 15_001, startColumn: 51, endLine: 15_002, endColumn: 52 });
    expect(read).toBeLessThan(2.2 * 1024 * 1024);
  });
});

function utf16(character: string): number[] {
  return Array.from({ length: character.length }, (_, i) => character.charCodeAt(i)).flatMap((u) => [u & 255, u >> 8]);
}
