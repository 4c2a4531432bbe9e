import { basename, dirname } from 'node:path';
import { type OpenTrace, openTrace } from '../core/formats/openTrace.ts';
import type { ByteSource } from '../core/source/byteSource.ts';
import type { Run } from '../core/trace/model.ts';
import { messageOf } from '../core/util/result.ts';
import { openFileSource } from '../node/fileSource.ts';
import { folderNeighbours } from '../node/neighbours.ts';
import type { ExitCode, Output } from './command.ts';

export interface OpenedFile {
  readonly path: string;
  readonly name: string;
  readonly trace: OpenTrace;
  /** The file as it stands on disk. */
  readonly source: ByteSource;
}

/**
 * Opens each file in turn and hands it on; a file that can't be opened is said on standard error and does not stop the
 * others. Answers the worst exit code (2 when a file could not be opened, or none was given).
 */
export async function eachFile(
  paths: readonly string[],
  output: Output,
  use: (file: OpenedFile) => Promise<ExitCode>,
): Promise<ExitCode> {
  if (paths.length === 0) {
    output.error('Which file? Name one or more trace files; --help shows examples.');
    return 2;
  }
  let worst: ExitCode = 0;
  for (const path of paths) {
    const code = await openOne(path, output, use);
    if (code > worst) worst = code;
  }
  return worst;
}

async function openOne(path: string, output: Output, use: (file: OpenedFile) => Promise<ExitCode>): Promise<ExitCode> {
  try {
    const source = await openFileSource(path);
    try {
      const opened = await openTrace(source, { neighbours: folderNeighbours(dirname(path)), signal: output.signal });
      if (opened.ok) return await use({ path, name: basename(path), trace: opened.value, source });
      output.error(`${path}: ${opened.decline.sentence}`);
      return 2;
    } finally {
      await source.close?.();
    }
  } catch (thrown) {
    output.error(`${path}: ${messageOf(thrown)}`);
    return 2;
  }
}

/** The runs that `--run` asks for (an id, or a position from 0): all of them when it is not given. */
export function chosenRuns(file: OpenedFile, wanted: string | undefined): readonly Run[] {
  const { runs } = file.trace.trace;
  if (wanted === undefined) return runs;
  const byId = runs.filter((run) => run.id === wanted);
  const byPosition = /^\d+$/.test(wanted) ? runs.slice(Number(wanted), Number(wanted) + 1) : [];
  const found = byId.length > 0 ? byId : byPosition;
  if (found.length === 0) {
    const known = runs.slice(0, 10).map((run) => run.id);
    throw new Error(`there is no run "${wanted}". Runs: ${known.join(', ')}${runs.length > 10 ? ', …' : ''}.`);
  }
  return found;
}
