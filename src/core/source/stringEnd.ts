const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** One past the quote that ends the string whose content starts at `start`; 0 when the chunk ends first. */
export function stringEnd(chunk: Uint8Array, start: number): number {
  const size = chunk.length;
  // Most strings are short: looking byte by byte beats calling `indexOf` for them.
  const near = Math.min(start + 24, size);
  for (let i = start; i < near; i++) {
    const byte = chunk[i] as number;
    if (byte === QUOTE) return i + 1;
    if (byte === BACKSLASH) i++;
  }
  return farStringEnd(chunk, start);
}

function farStringEnd(chunk: Uint8Array, start: number): number {
  let from = start;
  for (;;) {
    const quote = chunk.indexOf(QUOTE, from);
    if (quote < 0) return 0;
    let before = quote - 1;
    while (before >= start && chunk[before] === BACKSLASH) before--;
    if (((quote - before) & 1) === 1) return quote + 1;
    from = quote + 1;
  }
}

/** Whether a chunk that ends inside a string ends with a backslash that escapes the next byte. */
export function endsInEscape(chunk: Uint8Array): boolean {
  let before = chunk.length - 1;
  while (before >= 0 && chunk[before] === BACKSLASH) before--;
  return ((chunk.length - 1 - before) & 1) === 1;
}
