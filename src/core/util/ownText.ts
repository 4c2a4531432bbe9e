/**
 * The characters `[start, end)` of a text in memory of their own. An engine's slice keeps the whole text that it was cut
 * from alive, so whoever keeps a few words of many long texts would keep all of these.
 */
export function ownText(text: string, start = 0, end = text.length): string {
  const last = Math.min(end, text.length);
  let own = '';
  for (let i = start; i < last; i += PIECE) {
    const codes: number[] = [];
    for (let j = i; j < Math.min(i + PIECE, last); j++) codes.push(text.charCodeAt(j));
    own += String.fromCharCode(...codes);
  }
  return own;
}

const PIECE = 1024;
