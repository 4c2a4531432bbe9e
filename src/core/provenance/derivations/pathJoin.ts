import { hashOfToken } from '../tokens.ts';
import type { Derivation } from './derivation.ts';

/** Deeper paths are cut at their last so many places only. */
const MOST_CUTS = 40;

export const pathJoin: Derivation = {
  id: 'path-join',
  summary: 'a folder from one place and a file from another: `/srv/app/notes/a.txt` from `/srv/app` and `notes/a.txt`',
  grounds: ({ index, value, before }) => {
    if (typeof value !== 'string' || !/[\\/]/.test(value)) return undefined;
    const cuts = [...value.matchAll(/[\\/]+/g)].slice(-MOST_CUTS).reverse();
    for (const { 0: sign, index: at } of cuts) {
      const [folder, file] = [value.slice(0, at), value.slice(at + sign.length)];
      if (!/\p{L}/u.test(folder) || !/\p{L}/u.test(file)) continue;
      const folderText = index.token(hashOfToken(folder), before).given;
      const fileText = index.token(hashOfToken(file), before).given;
      if (folderText === undefined || fileText === undefined) continue;
      return {
        how: 'a folder and a file joined',
        parents: [
          { text: folderText, sought: { kind: 'words', words: folder } },
          { text: fileText, sought: { kind: 'words', words: file } },
        ],
      };
    }
    return undefined;
  },
};
