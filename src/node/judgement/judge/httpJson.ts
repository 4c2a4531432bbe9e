import { lookup } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { type Json, tryParse } from '../../../core/util/json.ts';
import { err, messageOf, ok, type Result } from '../../../core/util/result.ts';
import type { Endpoint } from '../../../protocol/modelEndpoint.ts';
import { bareHost, endpointUrl, isLoopbackAddress, isNamed } from './endpointUrl.ts';

/** An answer longer than this is no answer to a question with a handful of labels. Bytes. */
const LONGEST = 1_000_000;

export interface JsonAnswer {
  readonly status: number;
  /** Undefined when the body is no JSON. */
  readonly body: Json | undefined;
}

export interface JsonRequest {
  /** Below the endpoint's own path: `chat/completions`; or from the root: `/api/tags`. */
  readonly path: string;
  /** Sent by POST; without one it is a GET. */
  readonly body?: Json;
  /** Sent as a bearer token: a key of the person's, for this endpoint. */
  readonly key?: string;
  /** In ms, for the whole exchange. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
}

/**
 * One exchange of JSON with an endpoint. What goes wrong is a sentence; it rejects only when the signal is aborted, with its
 * reason. Redirects are not followed, and a name that resolves to an address off this computer is not connected to,
 * unless the person has named it. Not `fetch`: that can do neither.
 */
export async function exchangeJson(endpoint: Endpoint, request: JsonRequest): Promise<Result<JsonAnswer>> {
  const base = endpointUrl(endpoint);
  if (!base.ok) return base;
  const { signal } = request;
  signal?.throwIfAborted();
  const { host } = base.value;
  const timeout = AbortSignal.timeout(request.timeout);
  try {
    const all = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    return await exchange(base.value, endpoint.otherHosts ?? [], request, all);
  } catch (thrown) {
    signal?.throwIfAborted();
    if (timeout.aborted) return err(`${host} gave no answer in ${Math.round(request.timeout / 1000)} seconds.`);
    if (codeOf(thrown) === 'ECONNREFUSED') return err(`Nothing listens at ${host}: is the model's server running?`);
    return err(`${host} could not be asked: ${messageOf(thrown)}`);
  }
}

function exchange(
  base: URL,
  otherHosts: readonly string[],
  { path, body, key }: JsonRequest,
  signal: AbortSignal,
): Promise<Result<JsonAnswer>> {
  const url = new URL(path.startsWith('/') ? path : `${base.pathname.replace(/\/*$/, '/')}${path}`, base);
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const headers = {
    accept: 'application/json',
    ...(sent !== undefined && { 'content-type': 'application/json' }),
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
  };
  const named = isNamed(bareHost(url.hostname), otherHosts);
  return new Promise((resolve, reject) => {
    const asking = start(
      url,
      {
        method: sent === undefined ? 'GET' : 'POST',
        headers,
        signal,
        agent: false,
        ...(!named && { lookup: loopbackOnly }),
      },
      (answer) => void read(answer, url.host).then(resolve, reject),
    );
    asking.on('error', reject);
    asking.end(sent);
  });
}

async function read(answer: IncomingMessage, host: string): Promise<Result<JsonAnswer>> {
  const status = answer.statusCode ?? 0;
  if (status >= 300 && status < 400) {
    answer.destroy();
    return err(`${host} answered with a redirect, which is not followed: it would send the trace elsewhere.`);
  }
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of answer) {
    const bytes = Buffer.from(piece);
    size += bytes.length;
    if (size > LONGEST) {
      answer.destroy();
      return err(`${host} answered with more than ${LONGEST.toLocaleString('en-US')} bytes, which is no answer.`);
    }
    pieces.push(bytes);
  }
  return ok({ status, body: tryParse(Buffer.concat(pieces).toString('utf8')) });
}

/** Resolves a name to addresses of this computer only, also where a hosts file or a name server says otherwise. */
const loopbackOnly: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, []);
    const own = addresses.filter(({ address }) => isLoopbackAddress(address));
    const [first] = own;
    if (first === undefined) return callback(new Error(`${hostname} is no name of this computer.`), []);
    if (options.all === true) callback(null, own);
    else callback(null, first.address, first.family);
  });
};

function codeOf(thrown: unknown): unknown {
  if (thrown instanceof AggregateError) return codeOf(thrown.errors[0]);
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
}
