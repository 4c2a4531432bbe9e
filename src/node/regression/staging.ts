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
 * A folder inside the target folder, so that the runner's own settings (which folders it looks into, its configuration,
 * its packages) hold for it as they will for the target. What is proved there moves into place; whatever happens, nothing
 * else is left.
 */
export class Staging {
  private constructor(
    readonly folder: string,
    private readonly target: string,
    /** The first folder that had to be made for the target. */
    private readonly made: string | undefined,
  ) {}

  static async inside(target: string): Promise<Staging> {
    const made = await mkdir(target, { recursive: true });
    return new Staging(await mkdtemp(join(target, 'hindstep-proof-')), target, made);
  }

  async write(name: string, text: string): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, text, { flag: 'wx' });
    return path;
  }

  /** Writes a file of the staging folder anew. */
  async rewrite(name: string, text: string): Promise<void> {
    await writeFile(join(this.folder, name), text);
  }

  /**
   * Moves files into the target folder, each at once and whole. `replace` names those that may stand there already. When
   * one can't be moved the others are taken back, and it rejects.
   */
  async place(names: readonly string[], replace: ReadonlySet<string>): Promise<string[]> {
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
      throw thrown;
    }
    return names.map((name) => join(this.target, name));
  }

  /** Removes the staging folder, and folders that were made for it and are empty. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
    if (this.made === undefined) return;
    for (let here = this.target; here.startsWith(this.made); here = dirname(here)) {
      // A folder that is not empty stays, and so do those above it.
      const removed = await rmdir(here).then(
        () => true,
        () => false,
      );
      if (!removed) return;
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
