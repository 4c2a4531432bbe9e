/**
 * One typed RPC for every boundary: host and worker, host and webview. The interface is the protocol: `Client<Api>` is
 * derived from it. Failures cross the wire as sentences, every request can be cancelled, and an answer that never comes
 * is rejected when the port closes. Messages are plain JSON plus `Uint8Array`s (see docs/architecture.md).
 */

/** Methods take one argument (or none) and answer a value or a promise. */
// biome-ignore lint/suspicious/noExplicitAny: a constraint over all functions; `unknown` would refuse every argument type.
export type Api = { [method: string]: (argument: any, signal: AbortSignal) => unknown };

/** The caller's side of an Api. */
export type Client<A> = {
  [M in keyof A]: A[M] extends (argument: infer T, ...rest: never[]) => infer R
    ? unknown extends T
      ? (argument?: undefined, signal?: AbortSignal) => Promise<Awaited<R>>
      : (argument: T, signal?: AbortSignal) => Promise<Awaited<R>>
    : never;
};

/** The server's side of an Api: what answers its methods, each with a signal that aborts when the caller cancels. */
export type Handlers<A> = {
  [M in keyof A]: A[M] extends (argument: infer T, ...rest: never[]) => infer R
    ? (argument: T, signal: AbortSignal) => R | Awaited<R>
    : never;
};

/** Where messages go out and come in: a worker's port, a webview, or a pair in a test. */
export interface Port {
  post(message: Message): void;
  /** Registers the one listener. Answers a function that removes it. */
  listen(listener: (message: Message) => void): () => void;
}

export type Message =
  | { readonly type: 'request'; readonly id: number; readonly method: string; readonly argument: unknown }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly error: string; readonly cancelled: boolean }
  | { readonly type: 'cancel'; readonly id: number };

/** Thrown to the caller when a request was cancelled by its own signal. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** Both directions over one port: serves `handlers` and answers a client for the other side. */
export interface Peer<Theirs> {
  readonly client: Client<Theirs>;
  /** Rejects all open requests with `reason` and stops listening. */
  close(reason: string): void;
}

/** Connects a port: what the other side calls is answered by `handlers`. */
export function connect<Theirs>(port: Port, handlers: Api): Peer<Theirs> {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const running = new Map<number, AbortController>();
  let nextId = 1;
  let closed: string | undefined;

  const answer = async (id: number, method: string, argument: unknown) => {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
      if (handler === undefined) throw new Error(`There is no method ${method}.`);
      port.post({ type: 'answer', id, value: await handler(argument, controller.signal) });
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown.message : String(thrown);
      port.post({ type: 'failure', id, error, cancelled: controller.signal.aborted });
    } finally {
      running.delete(id);
    }
  };

  const stopListening = port.listen((message) => {
    switch (message.type) {
      case 'request':
        void answer(message.id, message.method, message.argument);
        return;
      case 'cancel':
        running.get(message.id)?.abort(new Cancelled('cancelled'));
        return;
      case 'answer':
        waiting.get(message.id)?.resolve(message.value);
        waiting.delete(message.id);
        return;
      case 'failure': {
        const error = message.cancelled ? new Cancelled(message.error) : new Error(message.error);
        waiting.get(message.id)?.reject(error);
        waiting.delete(message.id);
        return;
      }
    }
  });

  const call = (method: string, argument: unknown, signal?: AbortSignal): Promise<unknown> => {
    if (closed !== undefined) return Promise.reject(new Error(closed));
    if (signal?.aborted) return Promise.reject(new Cancelled('cancelled'));
    const id = nextId++;
    return new Promise((resolve, reject) => {
      const cancel = () => {
        port.post({ type: 'cancel', id });
        waiting.delete(id);
        reject(new Cancelled('cancelled'));
      };
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T) => {
          signal?.removeEventListener('abort', cancel);
          then(value);
        };
      signal?.addEventListener('abort', cancel, { once: true });
      waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
      port.post({ type: 'request', id, method, argument });
    });
  };

  const client = new Proxy({} as Client<Theirs>, {
    get: (_target, method) =>
      // A client is no thenable: `await client` must not send a request called "then".
      typeof method === 'string' && method !== 'then'
        ? (argument: unknown, signal?: AbortSignal) => call(method, argument, signal)
        : undefined,
  });

  return {
    client,
    close: (reason) => {
      closed = reason;
      stopListening();
      for (const { reject } of waiting.values()) reject(new Error(reason));
      waiting.clear();
      for (const controller of running.values()) controller.abort(new Cancelled(reason));
    },
  };
}
