import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksLikeMarkdown, readMarkdown } from './markdownText.ts';

describe('readMarkdown', () => {
  it('reads paragraphs, emphasis and code', () => {
    expect(readMarkdown('Hello **big** `x < y`\n\n```ts\nlet a = 1;\n```')).toEqual([
      {
        kind: 'paragraph',
        inline: [
          { kind: 'text', text: 'Hello ' },
          { kind: 'strong', inline: [{ kind: 'text', text: 'big' }] },
          { kind: 'text', text: ' ' },
          { kind: 'code', text: 'x < y' },
        ],
      },
      { kind: 'code', language: 'ts', text: 'let a = 1;' },
    ]);
  });

  it('shows raw HTML as text', () => {
    const blocks = readMarkdown('<script>alert(1)</script>\n\nHi <img src=x onerror=alert(1)> there');
    expect(JSON.stringify(blocks)).toContain('<script>alert(1)</script>');
    expect(JSON.stringify(blocks)).toContain('<img src=x onerror=alert(1)>');
    expect(blocks.every((block) => block.kind === 'paragraph')).toBe(true);
  });

  it('links only the web, and loads no image', () => {
    expect(readMarkdown('[a](https://x.y) [b](javascript:alert(1)) ![c](https://x.y/z.png)')).toEqual([
      {
        kind: 'paragraph',
        inline: [
          { kind: 'link', inline: [{ kind: 'text', text: 'a' }], address: 'https://x.y' },
          { kind: 'text', text: ' ' },
          { kind: 'text', text: 'b' },
          { kind: 'text', text: ' (javascript:alert(1))' },
          { kind: 'text', text: ' ' },
          { kind: 'image', text: 'c', address: 'https://x.y/z.png' },
        ],
      },
    ]);
  });

  it('reads nested and task lists', () => {
    const [list] = readMarkdown('- [x] done\n- [ ] open\n  - inner');
    expect(list?.kind === 'list' && list.items.map((item) => item.checked)).toEqual([true, false]);
    expect(list?.kind === 'list' && list.items[1]?.blocks.some((block) => block.kind === 'list')).toBe(true);
  });

  it('throws on no text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => Array.isArray(readMarkdown(text))),
    );
  });
});

describe('looksLikeMarkdown', () => {
  it.each([
    ['# Title\n\nSome **bold** text', true],
    ['total 12\n-rw-r--r-- 1 root root 12 a.txt', false],
    ['def f(x):\n    # comment\n    return x ** 2', false],
  ])('judges %j', (text, expected) => {
    expect(looksLikeMarkdown(text)).toBe(expected);
  });
});
