import { rmSync } from 'node:fs';
import {
  access,
  constants,
  copyFile,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { at, tryParse } from '../../core/util/json.ts';
import { atEnd } from '../atEnd.ts';
import { codeOf } from '../writeProblem.ts';

const PREFIX = 'hindstep-proof-';
/** Says which process the folder belongs to. */
const OWNER = '.owner.json';
const DAY = 24 * 60 * 60 * 1000;

/**
 * A folder inside the target folder, so that the runner's own settings (which folders it looks into, its configuration,
 * its packages) hold for it as they will for the target. What is proved there moves into place; whatever happens, nothing
 * else is left. Each proof has one of its own, so that several may run at once.
 */
export class Staging {
  private readonly forget: () => void;

  private constructor(
    readonly folder: string,
    private readonly target: string,
    /** The first folder that had to be made for the target. */
    private readonly made: string | undefined,
  ) {
    this.forget = atEnd(() => rmSync(folder, { recursive: true, force: true }));
  }

  static async inside(target: string): Promise<Staging> {
    await removeAbandoned(target);
    const made = await makeFolder(target);
    let folder: string;
    try {
      folder = await mkdtemp(join(target, PREFIX));
    } catch (thrown) {
      await removeEmpty(target, made);
      throw thrown;
    }
    const staging = new Staging(folder, target, made);
    try {
      await staging.write(OWNER, JSON.stringify({ host: hostname(), process: process.pid }));
    } catch (thrown) {
      await staging.remove();
      throw thrown;
    }
    return staging;
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
   * Moves files into the target folder, each at once and whole, in their order. `replace` names those that may stand there
   * already, `shared` those that may when they are the same, as another proof's may be that ended a moment ago (they
   * come last, as others may count on them already). When one can't be moved the others are taken back, and it rejects.
   */
  async place(
    names: readonly string[],
    replace: ReadonlySet<string>,
    shared: ReadonlySet<string> = new Set(),
  ): Promise<string[]> {
    const placed: string[] = [];
    try {
      for (const name of names) {
        const [from, to] = [join(this.folder, name), join(this.target, name)];
        if (replace.has(name)) await rename(from, to);
        else if (await moveNew(from, to, shared.has(name))) placed.push(to);
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
    this.forget();
    await removeEmpty(this.target, this.made);
  }
}

/** Makes a folder and those above it; answers the first that it had to make. */
async function makeFolder(folder: string): Promise<string | undefined> {
  try {
    return await mkdir(folder, { recursive: true });
  } catch (thrown) {
    // On a disk that is read-only, Node says that the folder is not there. Asking the one above tells.
    for (let here = dirname(folder); here !== dirname(here); here = dirname(here)) {
      if (await exists(here)) {
        await access(here, constants.W_OK);
        break;
      }
    }
    throw thrown;
  }
}

/**
 * Removes folders of proofs that nobody is at any more: the editor was closed, or the machine switched off, in the midst of
 * them. A proof that runs at this moment keeps its own. Never rejects.
 */
export async function removeAbandoned(target: string): Promise<void> {
  const names = await readdir(target).catch(() => []);
  for (const name of names) {
    const path = join(target, name);
    if (name.startsWith(PREFIX) && (await isAbandoned(path))) {
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

async function isAbandoned(folder: string): Promise<boolean> {
  const state = await lstat(folder).catch(() => undefined);
  if (state?.isDirectory() !== true) return false;
  const owner = tryParse(await readFile(join(folder, OWNER), 'utf8').catch(() => ''));
  const id = at(owner, 'process');
  // Of another machine's processes nothing is known; no proof takes a day.
  if (at(owner, 'host') !== hostname() || typeof id !== 'number') return Date.now() - state.mtimeMs > DAY;
  return !isRunning(id);
}

function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (thrown) {
    // Somebody else's process runs, too.
    return codeOf(thrown) === 'EPERM';
  }
}

async function removeEmpty(target: string, made: string | undefined): Promise<void> {
  if (made === undefined) return;
  for (let here = target; here.startsWith(made); here = dirname(here)) {
    // A folder that is not empty stays, and so do those above it.
    const removed = await rmdir(here).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}

async function isSame(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([readFile(one), readFile(other).catch(() => undefined)]);
  return b !== undefined && a.equals(b);
}

/**
 * Moves a file to a name that must be free, or, for one that is shared, has the same in it already; true when it was moved.
 * A link fails where a rename would overwrite.
 */
async function moveNew(from: string, to: string, isShared: boolean): Promise<boolean> {
  try {
    await link(from, to);
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') {
      if (isShared && (await isSame(from, to))) return false;
      throw thrown;
    }
    // File systems without links. A copy that breaks off must not stay.
    await copyFile(from, to, constants.COPYFILE_EXCL).catch(async (failed) => {
      if (codeOf(failed) !== 'EEXIST') await unlink(to).catch(() => undefined);
      throw failed;
    });
  }
  await unlink(from);
  return true;
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
