import { hashOfToken } from '../tokens.ts';
import type { Asked, Derivation, Parent } from './derivation.ts';

/** Digits that make a word of letters and digits two pieces: of fewer, any text holds all. */
const FEWEST_DIGITS = 5;
/** Longer values are not put together from identifiers. */
const LONGEST = 4000;

export const pieces: Derivation = {
  id: 'pieces',
  summary:
    'put together from pieces that were given: `order_77-EU` from `77` and `EU`, `ORD4711990` from `ORD` and `4711990`',
  grounds: (asked) => {
    const { value, leaf } = asked;
    // A year and a month that stand somewhere make no date.
    if (typeof value !== 'string' || value.length > LONGEST || leaf === 'date' || leaf === 'number') return undefined;
    const words = value.match(/[\p{L}\p{N}]+/gu) ?? [];
    const parents: Parent[] = [];
    let known = 0;
    for (const word of words) {
      if (word.length < 2) continue;
      const found = wordOf(asked, word);
      if (found === undefined) return undefined;
      known++;
      parents.push(...found);
    }
    if (known === 0) return undefined;
    parents.sort((a, b) => lengthOf(b) - lengthOf(a));
    // Everyday words stand in any text: of them a new name can be made, too.
    const hasIdentity = words.some((word) => /\d/.test(word));
    return { how: hasIdentity ? 'put together from pieces' : 'put together from words that were given', parents };
  },
};

/** A word that was given, or else its letters and its digits. */
function wordOf({ index, before }: Asked, word: string): Parent[] | undefined {
  const whole = index.token(hashOfToken(word), before).given;
  if (whole !== undefined) return [{ text: whole, sought: { kind: 'words', words: word } }];
  const cut = /^(\p{L}{2,})(\d+)$|^(\d+)(\p{L}{2,})$/u.exec(word);
  const halves = cut?.slice(1).filter((half) => half !== undefined) ?? [];
  if (halves.length !== 2 || !halves.some((half) => /^\d/.test(half) && half.length >= FEWEST_DIGITS)) return undefined;
  const parents = halves.flatMap((half) => {
    const text = index.token(hashOfToken(half), before).given;
    return text === undefined ? [] : [{ text, sought: { kind: 'words', words: half } as const }];
  });
  return parents.length === 2 ? parents : undefined;
}

function lengthOf({ sought }: Parent): number {
  return sought.kind === 'words' ? sought.words.length : 0;
}
