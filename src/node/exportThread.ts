import { Worker } from 'node:worker_threads';
import type { Evaluation } from '../core/evaluators/verdict.ts';
import type { Exported } from './exportTrace.ts';

export interface ExportRequest {
  readonly what: 'trace';
  /** The trace file. */
  readonly path: string;
  /** Id of the exporter. */
  readonly to: string;
  /** The file to write; one that is there is replaced. */
  readonly out: string;
  /** Ids of runs; all unless told. */
  readonly runs?: readonly string[];
}

export interface VerdictsRequest {
  readonly what: 'verdicts';
  /** The trace file. */
  readonly path: string;
  /** What its path is told relative to. */
  readonly folder: string;
  /** Id of the writer. */
  readonly to: string;
  /** The file to write; one that is there is replaced. */
  readonly out: string;
  /** What was judged of its runs. */
  readonly evaluations: readonly Evaluation[];
  /** The version of Hindstep. */
  readonly version: string;
}

export type ExportSaid =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'done'; readonly exported: Exported }
  | { readonly type: 'failed'; readonly sentence: string };

/**
 * Writes a trace in another format, or what was judged of it, in a thread of its own (`script` is the bundled
 * `worker/thread.ts`). Rejects with a sentence when it can't be written, and when `signal` aborts; nothing is left
 * behind then but a hidden draft at worst. Verdicts lose nothing.
 */
export function startExport(
  script: string,
  request: ExportRequest | VerdictsRequest,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<Exported> {
  const worker = new Worker(script, { name: 'hindstep export', workerData: request });
  return new Promise<Exported>((resolve, reject) => {
    const stop = () => reject(new Error('The export was cancelled; nothing was written.'));
    signal.addEventListener('abort', stop, { once: true });
    worker.on('message', (said: ExportSaid) => {
      if (said.type === 'progress') onProgress(said.done, said.total);
      else if (said.type === 'done') resolve(said.exported);
      else reject(new Error(said.sentence));
    });
    worker.on('error', (error) => reject(error));
    worker.on('exit', (code) => reject(new Error(`The export stopped (exit code ${code}); nothing was written.`)));
  }).finally(() => worker.terminate());
}
