import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { EXPORTERS } from '../core/convert/exporters.ts';
import { type OpenTrace, openTrace } from '../core/formats/openTrace.ts';
import type { ByteSource } from '../core/source/byteSource.ts';
import { messageOf } from '../core/util/result.ts';
import { VERDICT_WRITERS } from '../core/verdictFiles/writers.ts';
import type { ExportRequest, ExportSaid, VerdictsRequest } from '../node/exportThread.ts';
import { type Exported, exportTrace } from '../node/exportTrace.ts';
import { openFileSource } from '../node/fileSource.ts';
import { folderNeighbours } from '../node/neighbours.ts';
import { VerdictCollection } from '../node/verdictFiles/collectVerdicts.ts';
import { writeWhole } from '../node/writeWhole.ts';

/** The thread of one export: reads the trace once more, writes it or what was judged of it, says how far it is, and ends. */

/** Steps between two reports of progress. */
const REPORT_EVERY = 200;

const port = parentPort;
if (port === null) throw new Error('The export must be started as a thread.');
const say = (said: ExportSaid) => port.postMessage(said);
const request = workerData as ExportRequest | VerdictsRequest;
const written = request.what === 'trace' ? writeTrace(request) : writeVerdicts(request);
written.then(
  (exported) => say({ type: 'done', exported }),
  (thrown) => say({ type: 'failed', sentence: messageOf(thrown) }),
);

function onProgress(done: number, total: number): void {
  if (done % REPORT_EVERY === 0 || done === total) say({ type: 'progress', done, total });
}

async function writeTrace({ path, to, out, runs }: ExportRequest): Promise<Exported> {
  const exporter = EXPORTERS.find(({ id }) => id === to);
  if (exporter === undefined) throw new Error(`There is no format "${to}" to write.`);
  return withTrace(path, (trace) =>
    exportTrace(trace, exporter, out, {
      // The dialog that asked for the file asked about replacing it.
      overwrite: true,
      ...(runs !== undefined && { runs: new Set(runs) }),
      onProgress,
    }),
  );
}

/** Every step is gone through once, for its secrets. */
async function writeVerdicts({ path, folder, to, out, evaluations, version }: VerdictsRequest): Promise<Exported> {
  const writer = VERDICT_WRITERS.find(({ id }) => id === to);
  if (writer === undefined) throw new Error(`There is no format "${to}" to write.`);
  return withTrace(path, async (trace, source) => {
    const judged = new Map(evaluations.map((evaluation) => [evaluation.run, evaluation]));
    const runs = trace.trace.runs.filter(({ id }) => judged.has(id));
    const total = runs.reduce((sum, run) => sum + run.steps.length, 0);
    let done = 0;
    const collection = new VerdictCollection(folder);
    await collection.add({ path, trace, source }, runs, async (steps, run) => {
      for await (const _ of steps.steps(run)) onProgress(++done, total);
      return judged.get(run.id) ?? { verdicts: [], rollUps: [], suspects: [] };
    });
    await writeWhole(out, [writer.write(collection.report(version))], { overwrite: true });
    return { losses: [], redactions: 0 };
  });
}

/** Opens the trace for as long as `use` takes. */
async function withTrace<T>(path: string, use: (trace: OpenTrace, source: ByteSource) => Promise<T>): Promise<T> {
  const source = await openFileSource(path);
  try {
    const opened = await openTrace(source, { neighbours: folderNeighbours(dirname(path)) });
    if (!opened.ok) throw new Error(opened.decline.sentence);
    return await use(opened.value, source);
  } finally {
    await source.close?.();
  }
}
