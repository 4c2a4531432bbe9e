import { readdir, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { ByteSource, Neighbours } from '../core/source/byteSource.ts';
import { openFileSource } from './fileSource.ts';

/** Harbor keeps a trial's reward beside its `agent` folder and a job's result one above; nothing lies further up. */
const LEVELS_UP = 2;

/**
 * The files beside a trace. Paths come from the trace, which may be hostile: none leads further up than two levels above
 * the trace's folder, neither by `..`, nor by an absolute path, nor through a symbolic link.
 */
export function folderNeighbours(folder: string): Neighbours {
  const find = async (path: string): Promise<string | undefined> => {
    if (isAbsolute(path) || /^[a-z]:/i.test(path)) return undefined;
    try {
      const base = await realpath(folder);
      const top = join(base, ...Array<string>(LEVELS_UP).fill('..'));
      const wanted = join(base, ...path.split(/[\\/]/));
      if (!isInside(wanted, top)) return undefined;
      const real = await realpath(wanted);
      return isInside(real, top) ? real : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    list: async (path) => {
      const found = await find(path);
      if (found === undefined) return [];
      const entries = await readdir(found, { withFileTypes: true }).catch(() => []);
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name)
        .sort();
    },
    open: async (path): Promise<ByteSource | undefined> => {
      const found = await find(path);
      return found === undefined ? undefined : openFileSource(found).catch(() => undefined);
    },
  };
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
