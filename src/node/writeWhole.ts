import { createWriteStream } from 'node:fs';
import { access, link, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { writeProblem } from './writeProblem.ts';

export interface WriteOptions {
  /** True when the person was asked whether the file may be replaced. */
  readonly overwrite?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Writes a text to `path`, whole or not at all: beside it first, then renamed. A file that is there is replaced only with
 * `overwrite`. Rejects with a sentence when it can't be written; nothing is left behind then.
 */
export async function writeWhole(
  path: string,
  text: Iterable<string> | AsyncIterable<string>,
  { overwrite = false, signal }: WriteOptions = {},
): Promise<void> {
  await refuseExisting(path, overwrite);
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    await pipeline(Readable.from(text), createWriteStream(draft, { flags: 'wx' }), { ...(signal && { signal }) });
    if (overwrite) await rename(draft, path);
    // Unlike a rename, a link never replaces what somebody has put there in the meantime.
    else await link(draft, path);
  } catch (thrown) {
    const problem = writeProblem(thrown, path);
    throw problem === undefined ? thrown : new Error(problem);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Rejects with a sentence when the file is there and may not be replaced; for who works long before writing. */
export async function refuseExisting(path: string, overwrite: boolean): Promise<void> {
  if (!overwrite && (await exists(path))) throw new Error(`${path} is there already; nothing was written.`);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
