import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextFinder } from './textFinder.ts';

const never = () => false;
const marked = (texts: string[], text: string, wholeWord: (text: string) => boolean = never) =>
  new TextFinder(texts, wholeWord).replace(text, (found) => `[${found}]`);

describe('TextFinder', () => {
  it('replaces the leftmost first, and of those the longest', () => {
    expect(marked(['abcd', 'abcdef', 'cdefg'], 'abcdefg abcd cdefg')).toBe('[abcdef]g [abcd] [cdefg]');
  });

  it('finds words as words only, where told', () => {
    expect(marked(['order'], 'order reorder order_id order.', () => true)).toBe('[order] reorder order_id [order].');
  });

  it('does not look for what is shorter than four characters', () => {
    expect(marked(['abc'], 'abc')).toBe('abc');
  });

  it('finds what a pattern of all texts finds', () => {
    const text = (min: number, max: number) =>
      fc
        .array(fc.constantFrom('a', 'b', 'é', '.', '😀'), { minLength: min, maxLength: max })
        .map((characters) => characters.join(''));
    fc.assert(
      fc.property(fc.uniqueArray(text(4, 7), { minLength: 1, maxLength: 8 }), text(0, 60), (texts, within) => {
        const longestFirst = [...texts].sort((a, b) => b.length - a.length);
        const pattern = new RegExp(longestFirst.map((one) => one.replaceAll('.', '\\.')).join('|'), 'g');
        expect(marked(texts, within)).toBe(within.replace(pattern, '[$&]'));
      }),
    );
  });
});
