import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../../src/core/util/json.ts';
import type { ModelAnswer } from './chatModel.ts';

/** What the model was told, as Anthropic's Messages API has it. */
export interface MessagesRequest {
  readonly messages: readonly { readonly role: string; readonly content: string | readonly JsonObject[] }[];
  readonly tools?: readonly { readonly name: string }[];
  readonly stream?: boolean;
}

/** A model behind an endpoint of Anthropic's Messages API on this machine, streamed, which decides as `decide` says. */
export async function anthropicModel(decide: (request: MessagesRequest) => ModelAnswer) {
  const requests: MessagesRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    if (incoming.method !== 'POST' || !/^\/v1\/messages(?:\?|$)/.test(incoming.url ?? '')) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
      return;
    }
    const request = JSON.parse(Buffer.concat(chunks).toString('utf8')) as MessagesRequest;
    requests.push(request);
    const message = messageOf(decide(request), requests.length);
    if (request.stream === true) stream(response, message);
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(message));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    /** As ANTHROPIC_BASE_URL takes it. */
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function messageOf(answer: ModelAnswer, n: number) {
  const content =
    'say' in answer
      ? [{ type: 'text', text: answer.say }]
      : answer.calls.map(([name, input], i) => ({ type: 'tool_use', id: `toolu_${n}_${i}`, name, input }));
  return {
    id: `msg_${n}`,
    type: 'message',
    role: 'assistant',
    model: 'stub',
    content,
    stop_reason: 'say' in answer ? 'end_turn' : 'tool_use',
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  };
}

function stream(response: ServerResponse, message: ReturnType<typeof messageOf>): void {
  const { content, stop_reason, stop_sequence, usage } = message;
  const send = (event: { readonly type: string; readonly [name: string]: unknown }) =>
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  send({ type: 'message_start', message: { ...message, content: [], stop_reason: null } });
  for (const [index, block] of content.entries()) {
    const isText = 'text' in block;
    const empty = isText ? { ...block, text: '' } : { ...block, input: {} };
    const delta = isText
      ? { type: 'text_delta', text: block.text }
      : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) };
    send({ type: 'content_block_start', index, content_block: empty });
    send({ type: 'content_block_delta', index, delta });
    send({ type: 'content_block_stop', index });
  }
  send({ type: 'message_delta', delta: { stop_reason, stop_sequence }, usage });
  send({ type: 'message_stop' });
  response.end();
}
