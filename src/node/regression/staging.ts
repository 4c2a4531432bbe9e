import {
  access,
  constants,
  copyFile,
  link,
  mkdir,
  mkdtemp,
  rename,
  rm,
  rmdir,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * A folder beside the target folder, at the same depth, so that a test's relative imports resolve in it as they will in
 * the target. What is proved there moves into place; whatever happens, nothing else is left.
 */
export class Staging {
  private constructor(
    readonly folder: string,
    private readonly target: string,
    /** The first folder that had to be made above the staging folder. */
    private readonly madeAbove: string | undefined,
  ) {}

  static async beside(target: string): Promise<Staging> {
    const madeAbove = await mkdir(dirname(target), { recursive: true });
    return new Staging(await mkdtemp(join(dirname(target), '.hindstep-')), target, madeAbove);
  }

  async write(name: string, text: string): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, text, { flag: 'wx' });
    return path;
  }

  /**
   * Moves files into the target folder, each at once and whole. `replace` names those that may stand there already. When
   * one can't be moved the others are taken back, and it rejects.
   */
  async place(names: readonly string[], replace: ReadonlySet<string>): Promise<string[]> {
    const madeTarget = await mkdir(this.target, { recursive: true });
    const placed: string[] = [];
    try {
      for (const name of names) {
        const [from, to] = [join(this.folder, name), join(this.target, name)];
        if (replace.has(name)) await rename(from, to);
        else {
          await moveNew(from, to);
          placed.push(to);
        }
      }
    } catch (thrown) {
      for (const path of placed) await unlink(path).catch(() => undefined);
      if (madeTarget !== undefined) await rmdir(this.target).catch(() => undefined);
      throw thrown;
    }
    return names.map((name) => join(this.target, name));
  }

  /** Removes the staging folder, and folders that were made for it and are empty. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
    if (this.madeAbove === undefined) return;
    for (let here = dirname(this.target); here.startsWith(this.madeAbove); here = dirname(here)) {
      // A folder that is not empty stays, and so do those above it.
      if (
        !(await rmdir(here).then(
          () => true,
          () => false,
        ))
      )
        return;
    }
  }
}

/** Moves a file to a name that must be free. A link fails where a rename would overwrite. */
async function moveNew(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') throw thrown;
    // File systems without links.
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
  await unlink(from);
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
}
