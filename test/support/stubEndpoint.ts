import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asText, at, type Json } from '../../src/core/util/json.ts';

/** One question that the stub got. */
export interface Asked {
  readonly body: Json;
  readonly system: string;
  readonly user: string;
  /** What the answer has to repeat. */
  readonly case: string;
  readonly labels: readonly string[];
}

/** What the stub says: the model's words, or whatever else it does to the answer. */
export type Stubbed = string | ((answer: ServerResponse, request: IncomingMessage) => void);

export interface StubEndpoint extends AsyncDisposable {
  readonly url: string;
  readonly asked: Asked[];
}

/**
 * An OpenAI-compatible server on this computer that answers as it is told. `digest` may be changed while it runs.
 */
export async function stubEndpoint(
  reply: (asked: Asked) => Stubbed,
  models: readonly string[] = ['tiny'],
  digest: () => string | undefined = () => undefined,
): Promise<StubEndpoint> {
  const asked: Asked[] = [];
  const server = createServer(async (request, answer) => {
    if (request.url === '/v1/models') return send(answer, { data: models.map((id) => ({ id, object: 'model' })) });
    if (request.url === '/api/tags' && digest() !== undefined) {
      return send(answer, { models: models.map((name) => ({ name, digest: digest() ?? '' })) });
    }
    if (request.url !== '/v1/chat/completions') {
      answer.statusCode = 404;
      return send(answer, { error: 'not here' });
    }
    let text = '';
    for await (const piece of request) text += piece;
    const body = JSON.parse(text) as Json;
    const user = asText(at(body, 'messages', 1, 'content')) ?? '';
    const one = {
      body,
      system: asText(at(body, 'messages', 0, 'content')) ?? '',
      user,
      case: /"case" is always "(\w+)"/.exec(user)?.[1] ?? '',
      labels: [...(user.split('\nLabels:\n')[1] ?? '').matchAll(/^- ([\w-]+): /gm)].map(([, label]) => label ?? ''),
    };
    asked.push(one);
    const said = reply(one);
    if (typeof said === 'function') said(answer, request);
    else send(answer, { choices: [{ message: { role: 'assistant', content: said }, finish_reason: 'stop' }] });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An answer in the form that was asked for, with a quote of the first words that the first shown step says. */
export function goodAnswer({ user, case: word, labels }: Asked, label = labels[0] ?? ''): string {
  const step = Number(/^Step (\d+) /m.exec(user)?.[1]);
  const quote = (/^ {2}says: (.{4,30})/m.exec(user)?.[1] ?? '').trim();
  return JSON.stringify({ case: word, reason: 'It says so.', evidence: [{ step, quote }], label });
}

function send(answer: ServerResponse, body: Json): void {
  answer.setHeader('content-type', 'application/json');
  answer.end(JSON.stringify(body));
}
