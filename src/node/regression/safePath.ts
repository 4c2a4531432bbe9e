import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { err, ok, type Result } from '../../core/util/result.ts';

/**
 * A folder of the workspace by its relative path, absolute. Refuses what leads out of the workspace folder, also through
 * a symbolic link, and the workspace folder itself. The folder need not exist yet.
 */
export async function folderInside(workspaceFolder: string, folder: string): Promise<Result<string>> {
  const refused = err(
    `${folder || 'The workspace folder itself'} is no folder for tests; choose one inside the workspace, such as tests.`,
  );
  if (isAbsolute(folder) || /^[A-Za-z]:/.test(folder) || folder.includes('\0')) return refused;
  const top = await realpath(workspaceFolder);
  const wanted = resolve(top, ...folder.split(/[\\/]/));
  if (wanted === top || !isInside(wanted, top)) return refused;
  const nearest = await nearestExisting(wanted);
  if (!isInside(await realpath(nearest), top)) return refused;
  return (await lstat(nearest)).isDirectory() || nearest !== wanted ? ok(wanted) : refused;
}

/** A file of the workspace by its relative path, absolute; it must exist. */
export async function fileInside(workspaceFolder: string, path: string): Promise<Result<string>> {
  const missing = err(`There is no ${path} in the workspace; choose the agent's file again.`);
  if (isAbsolute(path) || path.includes('\0')) return missing;
  const top = await realpath(workspaceFolder);
  const wanted = join(top, ...path.split('/'));
  const real = await realpath(wanted).catch(() => undefined);
  return real !== undefined && isInside(real, top) && (await lstat(real)).isFile() ? ok(wanted) : missing;
}

/** A relative path as imports and people write it: with `/`, and `./` in front when it leads nowhere up. */
export function importPathOf(fromFolder: string, file: string): string {
  const path = relative(fromFolder, file).split(sep).join('/');
  return path.startsWith('../') ? path : `./${path}`;
}

export function isBareName(name: string): boolean {
  return name === basename(name) && /^[\w.@+-][\w.@+ -]*$/.test(name) && !/^\.+$/.test(name);
}

async function nearestExisting(path: string): Promise<string> {
  for (let here = path; ; here = dirname(here)) {
    const found = await lstat(here).catch(() => undefined);
    if (found !== undefined || dirname(here) === here) return here;
  }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
