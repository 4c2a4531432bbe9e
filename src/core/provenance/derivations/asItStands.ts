import { chunksOf } from '../tokens.ts';
import type { Asked, Derivation, Grounds, Parent } from './derivation.ts';

/** The value itself: every one of its words was given. What differs in the spelling is named once the place is found. */
export const asItStands: Derivation = {
  id: 'as-it-stands',
  summary: 'the value itself',
  grounds: (asked) => (typeof asked.value === 'string' ? wordsGiven(asked, asked.value) : undefined),
};

/** Where the words of a text stand; undefined unless all do, but for single characters beside others. */
export function wordsGiven({ index, before, leaf }: Asked, words: string): Grounds | undefined {
  const parents: Parent[] = [];
  for (const { hash, atoms } of chunksOf(words)) {
    const text = index.token(hash, before).given;
    if (text !== undefined) parents.push({ text, sought: { kind: 'words', words } });
    // Of `1,234` all counts.
    else if (leaf === 'number' || atoms.length !== 1 || (atoms[0]?.length ?? 0) >= 2) return undefined;
  }
  return parents.length === 0 ? undefined : { parents };
}
