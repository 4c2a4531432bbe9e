import { COLOURS, ESC } from './ansi.ts';

/**
 * Characters that change what a text looks like without being seen: bidirectional controls, zero-width characters, tags,
 * variation selectors beyond emoji, and control characters. A trace is hostile; what is in it must be visible.
 */
const HIDDEN =
  /[^\P{Cc}\t\n]|[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/u;
const HIDDEN_ALL = new RegExp(HIDDEN, 'gu');

export interface TextPiece {
  readonly text: string;
  /** What a hidden character is called, when this piece stands for one. */
  readonly hidden?: string;
}

/** Cuts a text into what is seen and what would be hidden. A zero-width joiner inside an emoji stays where it is. */
export function visiblePieces(text: string): TextPiece[] {
  if (!HIDDEN.test(text)) return [{ text }];
  const pieces: TextPiece[] = [];
  let last = 0;
  for (const match of text.matchAll(HIDDEN_ALL)) {
    if (match[0] === '\u200d' && joinsEmoji(text, match.index)) continue;
    if (match.index > last) pieces.push({ text: text.slice(last, match.index) });
    const code = match[0].codePointAt(0) ?? 0;
    pieces.push({ text: `U+${code.toString(16).toUpperCase().padStart(4, '0')}`, hidden: nameOf(code) });
    last = match.index + match[0].length;
  }
  if (last < text.length) pieces.push({ text: text.slice(last) });
  return pieces;
}

/** A sequence that an excerpt cut in two. */
const CUT_COLOUR = new RegExp(`${ESC}(?:\\[[0-9;:]*)?(?=…|$)`, 'g');

/** The text without the colours of a terminal: they hide nothing, and as characters they bury the words. */
export function withoutColours(text: string): string {
  return text.includes('\u001b') ? text.replace(COLOURS, '').replace(CUT_COLOUR, '') : text;
}

/** The text with every hidden character written out: for attributes, canvas and other plain places. */
export function visibleString(colouredText: string): string {
  const text = withoutColours(colouredText);
  if (!HIDDEN.test(text)) return text;
  return visiblePieces(text)
    .map((piece) => (piece.hidden === undefined ? piece.text : `[${piece.text}]`))
    .join('');
}

function joinsEmoji(text: string, at: number): boolean {
  const after = text.codePointAt(at + 1);
  return after !== undefined && /\p{Extended_Pictographic}/u.test(String.fromCodePoint(after));
}

function nameOf(code: number): string {
  if (code >= 0x202a && code <= 0x202e) return 'bidirectional override: changes the order in which text is shown';
  if (code >= 0x2066 && code <= 0x2069) return 'bidirectional isolate: changes the order in which text is shown';
  if (code === 0x200e || code === 0x200f || code === 0x061c) return 'bidirectional mark';
  if (code === 0x200b || code === 0x2060 || code === 0xfeff) return 'zero-width character';
  if (code === 0x200c || code === 0x200d) return 'zero-width joiner';
  if (code >= 0xe0000) return 'tag character: invisible text';
  if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return 'control character';
  return 'invisible character';
}
