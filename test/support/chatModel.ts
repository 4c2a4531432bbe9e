import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json, JsonObject } from '../../src/core/util/json.ts';

/** What the model was told, as OpenAI chat messages. */
export interface ModelRequest {
  readonly model: string;
  readonly messages: readonly (JsonObject & { readonly role: string })[];
  readonly tools?: readonly { readonly function: { readonly name: string; readonly parameters: Json } }[];
}

/** What it decides: calls, or words. */
export type ModelAnswer = { readonly calls: readonly [tool: string, args: JsonObject][] } | { readonly say: string };

export interface ChatModel {
  /** Base address, as an OpenAI client takes it: `http://127.0.0.1:PORT/v1`. */
  readonly url: string;
  readonly requests: ModelRequest[];
  close(): Promise<void>;
}

/** A chat model behind an OpenAI-compatible endpoint on this machine, which decides as `decide` says. */
export async function chatModel(decide: (request: ModelRequest) => ModelAnswer): Promise<ChatModel> {
  const requests: ModelRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const request = JSON.parse(Buffer.concat(chunks).toString('utf8')) as ModelRequest;
    requests.push(request);
    const answer = decide(request);
    const toolCalls =
      'calls' in answer
        ? answer.calls.map(([name, args], i) => ({
            id: `call_${requests.length}_${i}`,
            type: 'function',
            function: { name, arguments: JSON.stringify(args) },
          }))
        : undefined;
    const message = {
      role: 'assistant',
      content: 'say' in answer ? answer.say : null,
      ...(toolCalls && { tool_calls: toolCalls }),
    };
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        id: `chatcmpl-${requests.length}`,
        object: 'chat.completion',
        created: 0,
        model: request.model,
        choices: [{ index: 0, message, finish_reason: toolCalls ? 'tool_calls' : 'stop' }],
        usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
