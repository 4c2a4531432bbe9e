import { noNeighbours } from '../../../src/core/source/byteSource.ts';
import { connect, type Message } from '../../../src/protocol/rpc.ts';
import type { TraceEvents } from '../../../src/protocol/traceService.ts';
import { traceService } from '../../../src/worker/traceService.ts';
import { syntheticRuns, syntheticService } from './syntheticService.ts';

/**
 * The service in a thread of its own, as the extension has it, so that what it does holds up no frame of the page. Real
 * files are read by ranges: `?trace=PATH`; otherwise `?steps=N` steps that no file holds.
 */
const query = new URLSearchParams(location.search);
const path = query.get('trace');

async function open(name: string) {
  const url = `/file?path=${encodeURIComponent(name)}`;
  const size = Number(await (await fetch(`${url}&size`)).text());
  const read = async (offset: number, length: number) =>
    new Uint8Array(await (await fetch(`${url}&start=${offset}&end=${Math.min(size, offset + length)}`)).arrayBuffer());
  return { source: { name: name.split('/').at(-1) ?? name, size, read }, neighbours: noNeighbours };
}

const runs = syntheticRuns(() => '', Number(query.get('steps') ?? 0));
const service =
  path === null
    ? {
        ...syntheticService(runs, (progress) => void page.client.progress(progress)),
        runs: () => runs.map(({ summary }) => summary),
      }
    : traceService(
        { open },
        {
          progress: (progress) => void page.client.progress(progress),
          changed: (change) => void page.client.changed(change),
          judged: (argument) => void page.client.judged(argument),
        },
      );
const page = connect<TraceEvents>(
  {
    post: (message) => postMessage(message),
    listen: (listener) => {
      const heard = ({ data }: MessageEvent<Message>) => listener(data);
      addEventListener('message', heard);
      return () => removeEventListener('message', heard);
    },
  },
  service,
);
