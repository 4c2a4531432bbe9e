import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { IndexCache } from '../node/indexCache.ts';
import { openLiveSource } from '../node/liveSource.ts';
import { folderNeighbours } from '../node/neighbours.ts';
import { observed } from '../node/observedNeighbours.ts';
import { threadPort } from '../node/threadPort.ts';
import type { TraceThreadData } from '../node/traceThread.ts';
import { connect } from '../protocol/rpc.ts';
import type { TraceEvents } from '../protocol/traceService.ts';
import type { Files } from './liveTrace.ts';
import { traceService } from './traceService.ts';

/** The thread of one opened trace: serves it over the thread's port, off the extension host's own thread. */

const { script, indexFolder } = workerData as TraceThreadData;
const cache = new IndexCache(indexFolder, script);

const files: Files = {
  open: async (path) => {
    const source = await openLiveSource(path);
    const { neighbours, seen } = observed(folderNeighbours(dirname(path)));
    const index = {
      read: () => cache.read(path, source, folderNeighbours(dirname(path))),
      write: (trace: Parameters<IndexCache['write']>[3]) => cache.write(path, source, seen(), trace),
    };
    return { source, neighbours, index, look: source.look };
  },
};

if (parentPort === null) throw new Error('The worker must be started as a thread.');
const service = traceService(files, {
  progress: (progress) => void host.client.progress(progress),
  changed: (change) => void host.client.changed(change),
  judged: (argument) => void host.client.judged(argument),
});
const host = connect<TraceEvents>(threadPort(parentPort), service);
