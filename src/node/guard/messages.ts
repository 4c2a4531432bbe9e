import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { field, isObject, type Json } from '../../core/util/json.ts';

// Messages of JSON-RPC as MCP sends them over standard input and output.

export const PARSE_ERROR = -32700;
export const INVALID_PARAMS = -32602;
const SERVER_ENDED = -32000;

/** A client that can show a form can ask; one that only opens addresses can't. */
export function asksPeople(capability: Json | undefined): boolean {
  if (!isObject(capability)) return false;
  return Object.keys(capability).length === 0 || field(capability, 'form') !== undefined;
}

/** An answer that says what went wrong. */
export function errorLine(id: Json, message: string, code = SERVER_ENDED): Buffer {
  return lineOf({ jsonrpc: '2.0', id, error: { code, message } });
}

/** A message as it goes over the wire. */
export function lineOf(message: object): Buffer {
  return Buffer.from(`${JSON.stringify(message)}\n`);
}

/** Undefined for what is no JSON. */
export function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Waits for a reader that is slow, so that nothing piles up; what nobody reads any more is dropped. */
export async function written(stream: Writable, bytes: Buffer): Promise<void> {
  if (stream.destroyed || stream.writableEnded) return;
  if (stream.write(bytes)) return;
  const gone = new AbortController();
  const ended = once(stream, 'close', { signal: gone.signal });
  const drained = once(stream, 'drain', { signal: gone.signal });
  await Promise.race([ended, drained]).catch(() => undefined);
  gone.abort();
  await Promise.allSettled([ended, drained]);
}
