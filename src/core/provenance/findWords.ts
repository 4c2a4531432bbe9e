import { codeAt, isDigit } from './characters.ts';
import { CONNECTOR, folded } from './tokens.ts';

/** `[start, end)` in a text, in UTF-16 units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Signs that may stand between two letters of a value that was written in another way. */
const WIDEST_GAP = 3;
const BACKSLASH = 0x5c;
/** More of a value needn't be compared to know its place. */
const COMPARED = 500;

/**
 * How closely words are compared: as they are, else with other case and other signs between and around their letters and
 * digits, else inside a longer word (the digits of `W2378156`).
 */
export const CLOSENESS = ['exact', 'loose', 'inside'] as const;
export type Closeness = (typeof CLOSENESS)[number];

/** Where words stand in a text; undefined where they don't. */
export function findWords(text: string, words: string, closeness: Closeness): TextRange | undefined {
  return closeness === 'exact' ? exactly(text, words) : loosely(text, words, closeness === 'loose');
}

function exactly(text: string, words: string): TextRange | undefined {
  if (words === '') return undefined;
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
    const end = at + words.length;
    if (!isInside(text, at) && !isInside(text, end)) return { start: at, end };
  }
  return undefined;
}

/** True for a place with letters or digits on both sides; the letter of an escape (`\n`) is none. */
function isInside(text: string, place: number): boolean {
  if (folded(codeAt(text, place)) <= CONNECTOR || folded(codeAt(text, place - 1)) <= CONNECTOR) return false;
  return isDigit(codeAt(text, place - 1)) || codeAt(text, place - 2) !== BACKSLASH;
}

function loosely(text: string, words: string, isWhole: boolean): TextRange | undefined {
  const letters = lettersOf(words);
  const [first] = letters;
  if (first === undefined) return undefined;
  for (let start = 0; start < text.length; start++) {
    if (folded(text.charCodeAt(start)) !== first || (isWhole && isInside(text, start))) continue;
    const end = endOf(text, start, letters);
    if (end !== undefined && !(isWhole && isInside(text, end))) return { start, end };
  }
  return undefined;
}

/** One past the last of the letters when all stand from a place on, with few signs between them. */
function endOf(text: string, start: number, letters: readonly number[]): number | undefined {
  let at = start;
  let found = 0;
  let gap = 0;
  while (at < text.length) {
    const letter = folded(text.charCodeAt(at));
    if (letter === letters[found]) {
      found++;
      gap = 0;
      if (found === letters.length) return at + 1;
    } else if (letter > CONNECTOR) return undefined;
    else if (isEscape(text, at)) at++;
    else if (++gap > WIDEST_GAP) return undefined;
    at++;
  }
  return undefined;
}

/** True for a backslash with the character that it belongs to after it: however deep it is nested, it is one sign. */
function isEscape(text: string, at: number): boolean {
  return text.charCodeAt(at) === BACKSLASH && !isDigit(codeAt(text, at + 1));
}

function lettersOf(words: string): number[] {
  const letters: number[] = [];
  for (let i = 0; i < words.length && letters.length < COMPARED; i++) {
    if (isEscape(words, i)) {
      i++;
      continue;
    }
    const letter = folded(codeAt(words, i));
    if (letter > CONNECTOR) letters.push(letter);
  }
  return letters;
}
