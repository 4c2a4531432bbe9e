import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { chatModel, type ModelAnswer, type ModelRequest } from '../../../../test/support/chatModel.ts';
import { DUPLICATE_ORDER, recordedCall } from '../../../../test/support/fixtureFile.ts';
import { runCli } from '../../../../test/support/runCli.ts';
import type { Fixture } from '../../../core/regression/fixture.ts';
import { ReplaySession } from '../../../core/regression/replay/replaySession.ts';
import { replayRun } from '../replayRun.ts';
import { overModel } from './modelDriver.ts';

const folder = mkdtempSync(join(tmpdir(), 'hindstep-model-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(decide: (request: ModelRequest) => ModelAnswer, fixture: Fixture = DUPLICATE_ORDER, maxTurns = 9) {
  const stub = await chatModel(decide);
  try {
    const driver = overModel(fixture, { endpoint: { url: stub.url }, model: 'stub', maxTurns });
    const result = await replayRun(fixture, new ReplaySession(fixture), driver, new AbortController().signal);
    return { result, requests: stub.requests };
  } finally {
    await stub.close();
  }
}

/** Decides by how many of its calls were answered. */
const inTurn =
  (...answers: ModelAnswer[]) =>
  ({ messages }: ModelRequest): ModelAnswer =>
    answers[messages.filter(({ role }) => role === 'assistant').length] ?? { say: 'Done.' };

describe('a model whose tool loop is ours', () => {
  it('is told the goal and the recorded tools, and its calls are answered from the recording', async () => {
    const { result, requests } = await run(
      inTurn({ calls: [['list_orders', {}]] }, { calls: [['cancel_order', { order_id: 'A-1042' }]] }),
    );
    expect(result).toMatchObject({ status: 'held', finalText: 'Done.' });
    expect(requests[0]).toMatchObject({ model: 'stub', temperature: 0, messages: [{ content: DUPLICATE_ORDER.goal }] });
    expect(requests[0]?.tools).toMatchObject([
      { function: { name: 'list_orders', description: 'Lists orders.' } },
      { function: { name: 'cancel_order', parameters: { type: 'object', required: ['order_id'] } } },
    ]);
    expect(requests[1]?.messages.slice(1)).toMatchObject([
      { role: 'assistant', tool_calls: [{ id: 'call_1_0' }] },
      { role: 'tool', tool_call_id: 'call_1_0', content: '{"orders":["A-1041","A-1042","A-1050"]}' },
    ]);
  });

  it('makes several calls at once: one message, an answer for each', async () => {
    const both: ModelAnswer = {
      calls: [
        ['list_orders', {}],
        ['cancel_order', { order_id: 'A-1042' }],
      ],
    };
    const { result, requests } = await run(inTurn(both));
    expect(result).toMatchObject({ status: 'held', calls: [{}, {}] });
    expect(requests[1]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'tool']);
  });

  it('does not hold when the model is wrong, and ends where it leaves the recording', async () => {
    const wrong = await run(inTurn({ calls: [['cancel_order', { order_id: 'A-1050' }]] }));
    expect(wrong.result).toMatchObject({ status: 'broken' });
    const lost = await run(inTurn({ calls: [['cancel_order', { order_id: 'A-9' }]] }));
    expect(lost.result).toMatchObject({
      problems: [expect.stringContaining('differs in /order_id: A-1050, got A-9'), expect.anything(), ...[]],
    });
    expect(lost.requests).toHaveLength(1);
  });

  it('hears the recorded user where one goes on', async () => {
    const more = [{ role: 'assistant', content: 'Which?' } as const, { role: 'user', content: 'A-1042' } as const];
    const fixture = { ...DUPLICATE_ORDER, messages: [...DUPLICATE_ORDER.messages, ...more] };
    const { result, requests } = await run(
      inTurn({ say: 'Which order?' }, { calls: [['cancel_order', { order_id: 'A-1042' }]] }),
      fixture,
    );
    expect(result).toMatchObject({ status: 'held', calls: [{ asked: true }] });
    expect(requests[1]?.messages.map(({ content }) => content)).toEqual([
      DUPLICATE_ORDER.goal,
      'Which order?',
      'A-1042',
    ]);
  });

  it('is ended after so many answers', async () => {
    const fixture = { ...DUPLICATE_ORDER, onMiss: 'not-found' as const };
    const { result, requests } = await run(() => ({ calls: [['list_orders', {}]] }), fixture, 3);
    expect(result).toMatchObject({ status: 'broken', note: 'The model was ended after 3 turns.' });
    expect(requests).toHaveLength(3);
  });

  it('knows tools by names that the API takes', async () => {
    const fixture: Fixture = {
      ...DUPLICATE_ORDER,
      tools: [],
      recording: [recordedCall('orders.cancel', { id: 1 }, 'ok'), recordedCall('orders_cancel', { id: 2 }, 'other')],
      expect: [{ kind: 'mustCall', tool: 'orders.cancel', arguments: { id: 1 } }],
    };
    const { result, requests } = await run(({ messages, tools }) => {
      const name = tools?.[0]?.function.name ?? '';
      return messages.length > 1 ? { say: 'Done.' } : { calls: [[name, { id: 1 }]] };
    }, fixture);
    expect(requests[0]?.tools?.map(({ function: { name } }) => name)).toEqual(['orders_cancel_2', 'orders_cancel']);
    expect(result).toMatchObject({ status: 'held', calls: [{ tool: 'orders.cancel' }] });
  });
});

describe('hindstep replay --endpoint', () => {
  const fixture = join(folder, 'cancel.fixture.json');
  writeFileSync(fixture, JSON.stringify(DUPLICATE_ORDER));

  /** A server that answers whatever it is asked with these bytes, and keeps what it was sent. */
  async function server(status: number, body: unknown) {
    const keys: (string | undefined)[] = [];
    const http = createServer((request, response) => {
      keys.push(request.headers.authorization);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`;
    return { url, keys, close: () => new Promise((resolve) => http.close(resolve)) };
  }
  const ask = (...args: string[]) => runCli('replay', fixture, '--model', 'm', '--endpoint', ...args);

  it('sends the key of a variable to the endpoint, and says it to nobody', async () => {
    process.env.STUB_KEY = 'a-key-of-the-stub';
    const said = { choices: [{ message: { content: 'Nothing to do.' } }] };
    const stub = await server(200, said);
    const { code, lines, errors } = await ask(stub.url, '--key-variable', 'STUB_KEY', '--json');
    expect([code, stub.keys]).toEqual([1, ['Bearer a-key-of-the-stub']]);
    expect([...lines, ...errors].join('\n')).not.toContain('a-key-of-the-stub');
    await stub.close();
    delete process.env.STUB_KEY;
  });

  it.each([
    [401, { error: { message: 'No key.' } }, /answered with status 401: No key\./],
    [200, {}, /gave no message of a model/],
    [302, {}, /redirect, which is not followed/],
    [200, { choices: [{ message: { content: 'x'.repeat(1_100_000) } }] }, /more than 1,000,000 bytes/],
  ])('could not judge an endpoint that answers %i', async (status, body, sentence) => {
    const stub = await server(status, body);
    expect(await ask(stub.url)).toMatchObject({ code: 2, errors: [expect.stringMatching(sentence)] });
    await stub.close();
  });

  it.each([
    [['http://192.0.2.1/v1'], /is not on this computer.*--allow-host/],
    [['http://127.0.0.1:9/v1'], /could not be asked|Nothing listens/],
    [['http://127.0.0.1:9/v1', '--key-variable', 'NO_SUCH_VARIABLE'], /no variable NO_SUCH_VARIABLE/],
    [['http://127.0.0.1:9/v1', '--max-turns', '0'], /whole number/],
  ])('refuses %s', async (args, sentence) => {
    expect(await ask(...args)).toMatchObject({ code: 2, errors: [expect.stringMatching(sentence)] });
  });

  it('gives each call an answer also when its arguments are no JSON', async () => {
    let asked = 0;
    const answers = [
      { tool_calls: [{ id: 'a', function: { name: 'cancel_order', arguments: '{"order_id": ' } }] },
      { tool_calls: [{ function: { name: 'cancel_order', arguments: { order_id: 'A-1042' } } }] },
      { content: 'Cancelled.' },
    ];
    const http = createServer((_request, response) => {
      response.end(JSON.stringify({ choices: [{ message: answers[asked++] }] }));
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const { code } = await ask(`http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`);
    expect([code, asked]).toEqual([0, 3]);
    await new Promise((resolve) => http.close(resolve));
  });
});
