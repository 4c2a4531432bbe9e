import type { Derivation } from './derivation.ts';

export const separators: Derivation = {
  id: 'separators',
  summary: 'other signs or spaces between and around the same letters and digits: `+1 555 0100` from `+1-555-0100`',
  spelling: (quote, value) => (lettersOf(quote) === lettersOf(String(value)) ? 'with other separators' : undefined),
};

function lettersOf(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();
}
