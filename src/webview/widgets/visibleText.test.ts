import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visiblePieces, visibleString } from './visibleText.ts';

describe('visiblePieces', () => {
  it.each([
    ['plain text\twith\nbreaks', 'plain text\twith\nbreaks'],
    ['a\u202Eb', 'a[U+202E]b'],
    ['zero\u200Bwidth', 'zero[U+200B]width'],
    ['\u{e0041}tag', '[U+E0041]tag'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['bell\u0007', 'bell[U+0007]'],
    ['family 👩\u200d👧', 'family 👩\u200d👧'],
    ['join\u200dletters', 'join[U+200D]letters'],
  ])('writes %j as %j', (text, seen) => {
    expect(visibleString(text)).toBe(seen);
  });

  it('loses nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const back = visiblePieces(text)
          .map((p) => (p.hidden === undefined ? p.text : String.fromCodePoint(Number.parseInt(p.text.slice(2), 16))))
          .join('');
        expect(back).toBe(text);
      }),
    );
  });
});
