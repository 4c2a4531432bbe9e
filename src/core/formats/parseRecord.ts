import { type ParseError, parse as parseTolerant } from 'jsonc-parser';
import { type Json, tryParse } from '../util/json.ts';
import { messageOf } from '../util/result.ts';

/** A record's value; `problem` says what was wrong with its text (then `value` is repaired, or absent). */
export interface ParsedRecord {
  readonly value?: Json;
  readonly problem?: string;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** jsonc-parser's codes for what harms one character only: bad \u, bad escape, raw control character in a string. */
const HARMLESS = new Set([14, 15, 16]);

/**
 * Parses one record. What common writers get wrong is repaired and said: NaN and Infinity (Python) become null, comments
 * and trailing commas go, raw control characters and bad escapes in strings stay as far as they can, bytes that are no
 * UTF-8 become U+FFFD. Anything else, such as a record that is cut off, is not guessed at. Never throws.
 */
export function parseRecord(bytes: Uint8Array): ParsedRecord {
  let text: string;
  try {
    text = strict.decode(bytes);
  } catch {
    const { value } = parseText(lenient.decode(bytes));
    const problem = 'some of its bytes are no UTF-8 and are shown as \ufffd.';
    return value === undefined ? { problem } : { value, problem };
  }
  return parseText(text);
}

function parseText(text: string): ParsedRecord {
  try {
    return { value: JSON.parse(text) as Json };
  } catch (thrown) {
    return repair(text, messageOf(thrown));
  }
}

function repair(text: string, reason: string): ParsedRecord {
  const { text: plain, replaced } = withoutBareNumbers(text);
  const value = tryParse(plain);
  if (value !== undefined) {
    return {
      value,
      problem: `${replaced.join(' and ')} ${replaced.length > 1 ? 'are' : 'is'} no JSON and became null.`,
    };
  }
  const errors: ParseError[] = [];
  try {
    const tolerant = parseTolerant(plain, errors, { allowTrailingComma: true }) as Json | undefined;
    if (tolerant !== undefined && errors.every(({ error }) => HARMLESS.has(error)))
      return { value: tolerant, problem: reason };
  } catch {
    // Nested so deeply that the tolerant parser overflows: not to be repaired.
  }
  return { problem: reason };
}

const BARE = /^(?:NaN|-?Infinity)(?![\w$])/;

/** Replaces NaN, Infinity and -Infinity outside strings by null. */
function withoutBareNumbers(text: string): { text: string; replaced: string[] } {
  const replaced = new Set<string>();
  let result = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') i = endOfString(text, i);
    else if (character === 'N' || character === 'I' || character === '-') {
      const word = BARE.exec(text.slice(i, i + 10))?.[0];
      if (word === undefined) continue;
      replaced.add(word);
      result += `${text.slice(from, i)}null`;
      from = i + word.length;
      i = from - 1;
    }
  }
  return { text: result + text.slice(from), replaced: [...replaced] };
}

/** The position of the quote that ends the string which starts at `start`, or the text's end. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i;
  }
  return text.length;
}
