import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

export type EvaluatorLanguage = 'js' | 'ts' | 'py';

/** A file that judges runs: `refund-limit.evaluator.ts`. */
export interface CustomEvaluatorFile {
  /** Absolute. */
  readonly path: string;
  /** `refund-limit.evaluator.ts` */
  readonly fileName: string;
  /** `refund-limit`: its verdicts are filed under this when it fails before it says its id. */
  readonly stem: string;
  readonly language: EvaluatorLanguage;
}

const NAME = /^(.+)\.evaluator\.(mjs|js|ts|py)$/;
/** Each is a process; a folder with more of them than this was not meant. */
const MOST = 100;

/** The custom evaluators of a folder, by name; none when there is no such folder. Rejects when it can't be read. */
export async function findCustomEvaluators(folder: string): Promise<CustomEvaluatorFile[]> {
  const names = await readdir(folder).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return [];
    throw thrown;
  });
  const found = names
    .sort()
    .flatMap((name) => evaluatorFile(join(folder, name)) ?? [])
    .slice(0, MOST);
  return found;
}

/** What a file is by its name; undefined when it is no evaluator. */
export function evaluatorFile(path: string): CustomEvaluatorFile | undefined {
  const fileName = basename(path);
  const [, stem, extension] = NAME.exec(fileName) ?? [];
  if (stem === undefined || extension === undefined) return undefined;
  return { path, fileName, stem, language: extension === 'ts' ? 'ts' : extension === 'py' ? 'py' : 'js' };
}
