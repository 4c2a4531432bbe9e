import { codeAt, isDigit } from './characters.ts';

/**
 * Tokens of a text, for finding values again however they are written. An atom is a run of letters and digits; a chunk
 * is what stands between white space, quotes, brackets, commas, colons and equals signs, with only its letters and
 * digits counted. So `#W2378156`, `"w2378156"` and `W-2378156` are one chunk, and `credit_card_77` is a chunk of three
 * atoms. Case is ignored. Both are given as hashes, so that no substring is made for them: of 31 bits, with a sign, as
 * engines hold such numbers without allocating (and the compiler of Node 20 was seen to store 0 for an unsigned one).
 */
export interface TokenSink {
  /** A run of letters and digits, `[start, end)` in the text. */
  atom(hash: number, start: number, end: number, hasDigit: boolean, hasLetter: boolean): void;
  /** A chunk, after its atoms. That of a single atom has the atom's own hash. */
  chunk(hash: number, start: number, end: number, hasDigit: boolean, hasLetter: boolean, atoms: number): void;
  /** A run of the digits 0 to 9, inside an atom or all of it, before the atom: where numbers and dates may begin. */
  digits?(start: number, end: number): void;
}

const SEED = 0x811c9dc5;
const PRIME = 0x01000193;

/** What the table has for signs; for letters and digits it has their lower-case code, which is greater. */
const SEPARATOR = 0;
/** What `folded` gives for signs is at most this. */
export const CONNECTOR = 1;
const ZERO = 0x30;
const NINE = 0x39;
const BACKSLASH = 0x5c;

/** Beyond this code no letter has a lower case that matters here. */
const TABLED = 0x2000;

/** Folding and class of each character in one look-up: reading observations is most of what judging a run costs. */
const FOLDED = Uint16Array.from({ length: TABLED }, (_, code) => {
  const character = String.fromCharCode(code);
  if (code < 0x80) {
    if (/[0-9A-Za-z]/.test(character)) return character.toLowerCase().charCodeAt(0);
    return /[-_./@#$%&+?!~^*]/.test(character) ? CONNECTOR : SEPARATOR;
  }
  // Signs of Latin-1 stand between words.
  return code < 0xc0 ? SEPARATOR : character.toLowerCase().charCodeAt(0);
});

/** The lower-case code of a letter or digit, else at most `CONNECTOR`. */
export function folded(code: number): number {
  if (code < TABLED) return FOLDED[code] ?? SEPARATOR;
  // So do general punctuation, CJK punctuation and full-width forms.
  return code < 0x2070 || (code >= 0x3000 && code < 0x3040) || code >= 0xff00 ? SEPARATOR : code;
}

/** Gives all tokens of a text to the sink, in one pass. Escapes of JSON text (`\n`, `\"`) separate words. */
export function scanTokens(text: string, sink: TokenSink): void {
  const size = text.length;
  let chunkHash = SEED;
  let chunkStart = 0;
  let chunkEnd = 0;
  let chunkDigit = false;
  let chunkLetter = false;
  let atoms = 0;
  let i = 0;
  while (i < size) {
    let letter = folded(text.charCodeAt(i));
    if (letter > CONNECTOR) {
      const start = i;
      let hash = SEED;
      // Negative once there was a digit, and once there was another letter.
      let digit = 0;
      let other = 0;
      do {
        hash = Math.imul(hash ^ letter, PRIME);
        digit |= letter - NINE - 1;
        other |= NINE - letter;
        i++;
        letter = i < size ? folded(text.charCodeAt(i)) : SEPARATOR;
      } while (letter > CONNECTOR);
      if (digit < 0) giveDigits(text, start, i, sink);
      sink.atom(hash >> 1, start, i, digit < 0, other < 0);
      if (atoms === 0) {
        chunkHash = hash;
        chunkStart = start;
        chunkDigit = digit < 0;
        chunkLetter = other < 0;
      } else {
        chunkHash = extended(chunkHash, text, start, i);
        chunkDigit ||= digit < 0;
        chunkLetter ||= other < 0;
      }
      chunkEnd = i;
      atoms++;
    }
    if (letter === SEPARATOR) {
      if (atoms > 0) sink.chunk(chunkHash >> 1, chunkStart, chunkEnd, chunkDigit, chunkLetter, atoms);
      atoms = 0;
      if (i < size && text.charCodeAt(i) === BACKSLASH) {
        // The letter after a backslash is part of an escape; a digit may still be a number.
        i++;
        if (isDigit(codeAt(text, i)) && !isDigit(codeAt(text, i + 1))) sink.digits?.(i, i + 1);
      }
    }
    i++;
  }
  if (atoms > 0) sink.chunk(chunkHash >> 1, chunkStart, chunkEnd, chunkDigit, chunkLetter, atoms);
}

/** Gives the runs of digits in an atom. The first may begin before it, right after a backslash. */
function giveDigits(text: string, start: number, end: number, sink: TokenSink): void {
  if (sink.digits === undefined) return;
  let from = isDigit(codeAt(text, start - 1)) && isDigit(text.charCodeAt(start)) ? start - 1 : start;
  while (from < end) {
    let to = from;
    while (to < end && isDigit(text.charCodeAt(to))) to++;
    if (to > from) sink.digits(from, to);
    from = to + 1;
  }
}

/** The hash of what was hashed so far and the letters and digits of `[start, end)` after it. */
function extended(hash: number, text: string, start: number, end: number): number {
  let result = hash;
  for (let i = start; i < end; i++) {
    const letter = folded(text.charCodeAt(i));
    if (letter > CONNECTOR) result = Math.imul(result ^ letter, PRIME);
  }
  return result;
}

export interface Atom {
  readonly hash: number;
  readonly length: number;
  readonly hasDigit: boolean;
  readonly hasLetter: boolean;
}

export interface Chunk {
  readonly hash: number;
  readonly atoms: readonly Atom[];
}

/** The chunks of a text with their atoms; for values and messages, which are short. */
export function chunksOf(text: string): Chunk[] {
  const chunks: Chunk[] = [];
  let atoms: Atom[] = [];
  scanTokens(text, {
    atom: (hash, start, end, hasDigit, hasLetter) => atoms.push({ hash, length: end - start, hasDigit, hasLetter }),
    chunk: (hash) => {
      chunks.push({ hash, atoms });
      atoms = [];
    },
  });
  return chunks;
}

/** The hash of a chunk or atom with these letters and digits (any others are left out). */
export function hashOfToken(text: string, start = 0, end = text.length): number {
  return extended(SEED, text, start, end) >> 1;
}

/** The hash of the way a text is written: each letter alike, each digit alike, signs as they are, none at the ends. */
export function hashOfShape(text: string, start = 0, end = text.length): number {
  let from = start;
  let to = end;
  while (from < to && folded(text.charCodeAt(from)) <= CONNECTOR) from++;
  while (to > from && folded(text.charCodeAt(to - 1)) <= CONNECTOR) to--;
  let hash = SEED;
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    const letter = folded(code);
    const alike = letter <= CONNECTOR ? code : letter <= NINE ? ZERO : 0x61;
    hash = Math.imul(hash ^ alike, PRIME);
  }
  return hash >> 1;
}

const bits = new Float64Array(1);
const halves = new Uint32Array(bits.buffer);

/** A hash for numbers, apart from those of tokens with the same characters. */
export function hashOfNumber(value: number): number {
  if (value === (value | 0)) return mix(0x2b7e1516, value);
  bits[0] = value;
  return mix(mix(0x2b7e1516, halves[0] ?? 0), halves[1] ?? 0);
}

/** A hash for dates: with a year, without one (0), or `undefined` for that day in any year. Months are 1 to 12. */
export function hashOfDate(year: number | undefined, month: number, day: number): number {
  return mix(mix(year === undefined ? 0x3c6ef372 : 0x28aed2a6, year ?? 0), month * 32 + day);
}

function mix(hash: number, part: number): number {
  const product = Math.imul(hash ^ part, 0x9e3779b1);
  return (product ^ (product >>> 15)) >> 1;
}
