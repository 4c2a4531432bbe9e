/** A piece of text between an opening mark and the closing one after it. */
export interface Tagged {
  /** What the opening mark's first group caught. */
  readonly name: string;
  readonly inner: string;
  /** The piece with its marks. */
  readonly whole: string;
  readonly start: number;
  readonly end: number;
  /** False when the text ended before the closing mark. */
  readonly closed: boolean;
}

/**
 * The tagged pieces of a text, in order, not nested. Goes through the text once, whatever stands in it: a lazy regular
 * expression takes quadratic time on a text that opens often and never closes.
 */
export function taggedIn(text: string, opening: RegExp, closing: string): Tagged[] {
  const found: Tagged[] = [];
  const open = new RegExp(opening.source, 'g');
  for (let match = open.exec(text); match !== null; match = open.exec(text)) {
    const from = match.index + match[0].length;
    const close = text.indexOf(closing, from);
    const closed = close >= 0;
    const end = closed ? close + closing.length : text.length;
    const inner = text.slice(from, closed ? close : end);
    found.push({
      name: match[1] ?? '',
      inner,
      whole: text.slice(match.index, end),
      start: match.index,
      end,
      closed,
    });
    if (!closed) break;
    open.lastIndex = end;
  }
  return found;
}

/** The text outside of the pieces, trimmed. */
export function textWithout(text: string, pieces: readonly Tagged[]): string {
  let rest = '';
  let from = 0;
  for (const piece of pieces) {
    rest += text.slice(from, piece.start);
    from = piece.end;
  }
  return (rest + text.slice(from)).trim();
}
