import type { MessagePort, Worker } from 'node:worker_threads';
import type { Message, Port } from '../protocol/rpc.ts';

/** One end of the channel between the extension host and a worker thread. */
export function threadPort(end: MessagePort | Worker): Port {
  return {
    post: (message) => end.postMessage(message),
    listen: (listener) => {
      const receive = (message: Message) => listener(message);
      end.on('message', receive);
      return () => end.off('message', receive);
    },
  };
}
