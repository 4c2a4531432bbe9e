import { describe, expect, it } from 'vitest';
import { type Api, Cancelled, connect, type Message, type Port } from './rpc.ts';

/** Two ports that hand each other's messages over as JSON, like a webview does. */
function portPair(): [Port, Port] {
  const listeners: ((message: Message) => void)[] = [];
  const port = (mine: 0 | 1): Port => ({
    post: (message) => {
      const text = JSON.stringify(message);
      queueMicrotask(() => listeners[1 - mine]?.(JSON.parse(text) as Message));
    },
    listen: (listener) => {
      listeners[mine] = listener;
      return () => {
        delete listeners[mine];
      };
    },
  });
  return [port(0), port(1)];
}

type Service = {
  add(argument: { a: number; b: number }): Promise<number>;
  fail(argument: { why: string }): Promise<never>;
  wait(argument: Record<string, never>): Promise<string>;
};

function serve(handlers: Api) {
  const [here, there] = portPair();
  return { peer: connect<Service>(here, {}), server: connect<Record<string, never>>(there, handlers) };
}

const handlers: Api = {
  add: async ({ a, b }: { a: number; b: number }) => a + b,
  fail: async ({ why }: { why: string }) => {
    throw new Error(why);
  },
  wait: (_: unknown, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
};

describe('connect', () => {
  it('answers calls, many at a time', async () => {
    const { peer } = serve(handlers);
    const sums = await Promise.all([1, 2, 3].map((a) => peer.client.add({ a, b: 10 })));
    expect(sums).toEqual([11, 12, 13]);
  });

  it('carries failures over as sentences', async () => {
    const { peer } = serve(handlers);
    await expect(peer.client.fail({ why: 'The disk is full.' })).rejects.toThrow('The disk is full.');
  });

  it('rejects what the other side does not serve, prototype members too', async () => {
    const { peer } = serve({});
    await expect(peer.client.add({ a: 1, b: 2 })).rejects.toThrow('There is no method add.');
    const odd = Reflect.get(peer.client, 'toString') as (argument: object) => Promise<unknown>;
    await expect(odd({})).rejects.toThrow('There is no method toString.');
  });

  it('cancels on both sides', async () => {
    let aborted = false;
    const { peer } = serve({
      wait: (_: unknown, signal) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            aborted = true;
          });
        }),
    });
    const controller = new AbortController();
    const waiting = peer.client.wait({}, controller.signal);
    setTimeout(() => controller.abort(), 5);
    await expect(waiting).rejects.toBeInstanceOf(Cancelled);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(aborted).toBe(true);
  });

  it('does not send what was cancelled before', async () => {
    const { peer } = serve(handlers);
    const controller = new AbortController();
    controller.abort();
    await expect(peer.client.add({ a: 1, b: 1 }, controller.signal)).rejects.toBeInstanceOf(Cancelled);
  });

  it('rejects everything open when it closes, and everything after', async () => {
    const { peer } = serve(handlers);
    const waiting = peer.client.wait({});
    peer.close('The worker stopped.');
    await expect(waiting).rejects.toThrow('The worker stopped.');
    await expect(peer.client.add({ a: 1, b: 1 })).rejects.toThrow('The worker stopped.');
  });

  it('is no thenable', async () => {
    const { peer } = serve(handlers);
    expect(await Promise.resolve(peer.client)).toBe(peer.client);
  });
});
