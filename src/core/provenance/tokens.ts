/**
 * Tokens of a text, for finding values again however they are written. An atom is a run of letters and digits; a chunk
 * is what stands between white space, quotes, brackets, commas, colons and equals signs, with only its letters and
 * digits counted. So `#W2378156`, `"w2378156"` and `W-2378156` are one chunk, and `credit_card_77` is a chunk of three
 * atoms. Case is ignored. Both are given as 32-bit hashes, so that no substring is made for them.
 */
export interface TokenSink {
  /** A run of letters and digits, `[start, end)` in the text. */
  atom(hash: number, start: number, end: number, hasDigit: boolean, hasLetter: boolean): void;
  /** A chunk, after its atoms. That of a single atom has the atom's own hash. */
  chunk(hash: number, start: number, end: number, hasDigit: boolean, hasLetter: boolean, atoms: number): void;
}

const SEED = 0x811c9dc5;
const PRIME = 0x01000193;

const SEPARATOR = 0;
const CONNECTOR = 1;
const LETTER = 2;
const DIGIT = 3;

const ASCII = new Uint8Array(128).map((_, code) => {
  const character = String.fromCharCode(code);
  if (/[0-9]/.test(character)) return DIGIT;
  if (/[A-Za-z]/.test(character)) return LETTER;
  return /[-_./@#$%&+?!~^*]/.test(character) ? CONNECTOR : SEPARATOR;
});

function classOf(code: number): number {
  if (code < 128) return ASCII[code] ?? SEPARATOR;
  // Latin-1 signs, general punctuation, CJK punctuation and full-width forms stand between words.
  if (code < 0xc0 || (code >= 0x2000 && code < 0x2070) || (code >= 0x3000 && code < 0x3040)) return SEPARATOR;
  return code >= 0xff00 ? SEPARATOR : LETTER;
}

/** Gives all tokens of a text to the sink, in one pass. Escapes of JSON text (`\n`, `\"`) separate words. */
export function scanTokens(original: string, sink: TokenSink): void {
  const text = original.toLowerCase();
  const size = text.length;
  let atomHash = SEED;
  let atomStart = -1;
  let atomDigit = false;
  let atomLetter = false;
  let chunkHash = SEED;
  let chunkStart = -1;
  let chunkEnd = 0;
  let chunkDigit = false;
  let chunkLetter = false;
  let atoms = 0;
  for (let i = 0; i <= size; i++) {
    const code = i < size ? text.charCodeAt(i) : 0x20;
    const kind = classOf(code);
    if (kind >= LETTER) {
      if (atomStart < 0) {
        atomStart = i;
        if (chunkStart < 0) chunkStart = i;
      }
      if (kind === DIGIT) atomDigit = true;
      else atomLetter = true;
      atomHash = Math.imul(atomHash ^ code, PRIME);
      chunkHash = Math.imul(chunkHash ^ code, PRIME);
      continue;
    }
    if (atomStart >= 0) {
      sink.atom(atomHash >>> 0, atomStart, i, atomDigit, atomLetter);
      atoms++;
      chunkEnd = i;
      chunkDigit ||= atomDigit;
      chunkLetter ||= atomLetter;
      atomHash = SEED;
      atomStart = -1;
      atomDigit = false;
      atomLetter = false;
    }
    if (kind === CONNECTOR) continue;
    if (atoms > 0) sink.chunk(chunkHash >>> 0, chunkStart, chunkEnd, chunkDigit, chunkLetter, atoms);
    chunkHash = SEED;
    chunkStart = -1;
    chunkDigit = false;
    chunkLetter = false;
    atoms = 0;
    // The letter after a backslash is part of an escape.
    if (code === 0x5c) i++;
  }
}

/** The hash of a chunk or atom with these letters and digits (any others are left out). */
export function hashOfToken(text: string): number {
  let hash = SEED;
  for (const character of text.toLowerCase()) {
    const code = character.charCodeAt(0);
    if (classOf(code) >= LETTER) hash = Math.imul(hash ^ code, PRIME);
  }
  return hash >>> 0;
}

/** A hash for things that are no tokens (numbers, dates), apart from those of tokens with the same characters. */
export function hashOfKey(kind: 'number' | 'date' | 'day', key: string): number {
  let hash = kind === 'number' ? 0x2b7e1516 : kind === 'date' ? 0x28aed2a6 : 0x3c6ef372;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), PRIME);
  return hash >>> 0;
}
