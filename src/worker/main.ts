import { dirname } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { openFileSource } from '../node/fileSource.ts';
import { folderNeighbours } from '../node/neighbours.ts';
import { threadPort } from '../node/threadPort.ts';
import { connect } from '../protocol/rpc.ts';
import type { TraceEvents } from '../protocol/traceService.ts';
import { type Files, traceService } from './traceService.ts';

/** The thread of one opened trace: serves it over the thread's port, off the extension host's own thread. */

const files: Files = {
  open: async (path) => ({ source: await openFileSource(path), neighbours: folderNeighbours(dirname(path)) }),
};

if (parentPort === null) throw new Error('The worker must be started as a thread.');
const service = traceService(files, (progress) => {
  void host.client.progress(progress);
});
const host = connect<TraceEvents>(threadPort(parentPort), service);
