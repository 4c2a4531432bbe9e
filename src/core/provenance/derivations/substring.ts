import type { Derivation } from './derivation.ts';

export const substring: Derivation = {
  id: 'substring',
  summary: 'a piece of an identifier: `3f9a1c2` of a commit, the last four digits of a card',
  grounds: ({ index, value, leaf, before }) => {
    if (leaf !== 'identifier' && leaf !== 'number') return undefined;
    const found = index.withPiece(String(value), before);
    if (found === undefined) return undefined;
    return {
      how: 'a piece of an identifier',
      parents: [{ text: found.text, sought: { kind: 'words', words: found.value } }],
    };
  },
};
