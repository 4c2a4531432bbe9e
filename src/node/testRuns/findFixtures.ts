import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { asText, field, tryParse } from '../../core/util/json.ts';
import { err, ok, type Result } from '../../core/util/result.ts';
import { readText } from '../regression/findPrograms.ts';
import { walkWorkspace } from '../regression/walkWorkspace.ts';

export const FIXTURE_ENDING = '.fixture.json';

/** Fixtures that were named, and those in folders that were; absolute, each once. What a proof is being made of is none. */
export async function findFixtures(paths: readonly string[]): Promise<Result<string[]>> {
  const found = new Set<string>();
  for (const path of paths) {
    const there = await stat(path).catch(() => undefined);
    if (there === undefined) return err(`There is no file or folder ${path}.`);
    if (there.isDirectory()) {
      for await (const file of walkWorkspace(path, isFixture)) if (!isStaged(file)) found.add(resolve(path, file));
    } else if (isFixture(path)) found.add(resolve(path));
    else return err(`${path} is no fixture; name a *${FIXTURE_ENDING} or a folder.`);
  }
  return ok([...found]);
}

/** Folders of which something may be part of a test, for who watches them. */
export async function sourceFolders(root: string): Promise<string[]> {
  const folders = new Set([resolve(root)]);
  for await (const file of walkWorkspace(root, () => true)) {
    if (!isStaged(file)) folders.add(resolve(join(root, file, '..')));
  }
  return [...folders];
}

function isFixture(path: string): boolean {
  return path.endsWith(FIXTURE_ENDING);
}

/** Whether a path leads into the folder of a proof that is being made (see `Staging`). */
export function isStaged(path: string): boolean {
  return /(?:^|[\\/])hindstep-proof-/.test(path);
}

/** The title of a fixture, also of one that can't be used; undefined when there is none. */
export async function titleOf(fixtureFile: string): Promise<string | undefined> {
  return asText(field(tryParse((await readText(fixtureFile)) ?? ''), 'title'));
}
