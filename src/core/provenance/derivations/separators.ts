import { hashOfToken } from '../tokens.ts';
import { type Derivation, standsIn } from './derivation.ts';

/** Longer values are sentences. */
const LONGEST = 100;

export const separators: Derivation = {
  id: 'separators',
  summary: 'other signs or spaces between and around the same letters and digits: `+1 555 0100` from `+1-555-0100`',
  // What is one word in the text is several in the value: `+1 555 0100` from `+15550100`.
  grounds: ({ index, value, before }) =>
    typeof value === 'string' && /\s/.test(value.trim()) && value.length <= LONGEST
      ? standsIn(index.token(hashOfToken(value), before).given, { kind: 'words', words: value })
      : undefined,
  spelling: (quote, value) => (lettersOf(quote) === lettersOf(String(value)) ? 'with other separators' : undefined),
};

function lettersOf(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();
}
