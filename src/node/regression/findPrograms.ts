import { access, constants, readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';

/** The first file of this name on the PATH that may be run; undefined when there is none. */
export async function onPath(name: string): Promise<string | undefined> {
  const extensions = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder === '') continue;
    for (const extension of extensions) {
      const path = join(folder, name + extension);
      if (await canRun(path)) return path;
    }
  }
  return undefined;
}

export async function canRun(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Where a package is installed for a folder: in its `node_modules`, or in one of the folders above. */
export async function installedPackage(name: string, folder: string): Promise<string | undefined> {
  for (let here = folder; ; here = dirname(here)) {
    const path = join(here, 'node_modules', name);
    if ((await readText(join(path, 'package.json'))) !== undefined) return path;
    if (dirname(here) === here) return undefined;
  }
}

/** A file's text; undefined when it can't be read. */
export async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
