import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { goodAnswer, type Stubbed, stubEndpoint } from '../../../../test/support/stubEndpoint.ts';
import { at } from '../../../core/util/json.ts';
import { askEndpoint, modelAt } from './endpoint.ts';

const QUESTION = { system: 'Judge.', user: '"case" is always "ab"\nLabels:\n- right: yes', labels: ['right', 'wrong'] };

async function askStub(said: Stubbed, timeout?: number) {
  await using stub = await stubEndpoint(() => said);
  const answer = await askEndpoint({ url: stub.url }, 'tiny', QUESTION, undefined, timeout);
  return { answer, asked: stub.asked };
}

const json =
  (status: number, body: unknown): Stubbed =>
  (answer) => {
    answer.statusCode = status;
    answer.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

describe('askEndpoint', () => {
  it('asks with the labels as a schema, as much alike as it can, and answers the words', async () => {
    const { answer, asked } = await askStub('the words');
    expect(answer).toEqual({ ok: true, value: 'the words' });
    expect(asked[0]?.body).toMatchObject({ model: 'tiny', temperature: 0, seed: 1, stream: false });
    const schema = ['response_format', 'json_schema', 'schema', 'properties', 'label', 'enum'];
    expect(at(asked[0]?.body, ...schema)).toEqual(['right', 'wrong']);
  });

  it('asks again without the schema where a server does not know it', async () => {
    await using stub = await stubEndpoint((one) =>
      at(one.body, 'response_format') === undefined
        ? goodAnswer(one)
        : json(400, { error: { message: 'unknown field' } }),
    );
    expect((await askEndpoint({ url: stub.url }, 'tiny', QUESTION)).ok).toBe(true);
    expect(stub.asked).toHaveLength(2);
  });

  it.each<[string, Stubbed, RegExp]>([
    [
      'an error with a message',
      json(404, { error: { message: 'model "tiny" not found' } }),
      /status 404: model "tiny" not found/,
    ],
    ['an error as a text', json(500, { error: 'out of memory' }), /status 500: out of memory/],
    ['an error without JSON', json(502, '<html>Bad gateway</html>'), /status 502\.$/],
    ['no JSON', json(200, 'hello'), /no words/],
    ['no choices', json(200, { choices: [] }), /no words/],
    ['no words', '  ', /no words\.$/],
    [
      'too few tokens',
      json(200, { choices: [{ message: { content: '' }, finish_reason: 'length' }] }),
      /ran out of tokens/,
    ],
    [
      'a refusal',
      json(200, { choices: [{ message: { content: 'No.' }, finish_reason: 'content_filter' }] }),
      /refused/,
    ],
    [
      'a tool call',
      json(200, { choices: [{ message: { content: null, tool_calls: [{ function: { name: 'rm' } }] } }] }),
      /called a tool/,
    ],
    ['an endless answer', (answer) => void answer.end('x'.repeat(2_000_000)), /more than 1,000,000 bytes/],
    ['a long text', 'x'.repeat(60_000), /far too long/],
    ['a broken connection', (answer) => void answer.destroy(), /could not be asked/],
    [
      'half an answer',
      (answer) => {
        answer.writeHead(200, { 'content-length': '99' });
        answer.write('{');
        setTimeout(() => answer.destroy(), 20);
      },
      /could not be asked/,
    ],
  ])('says in a sentence what is wrong with %s', async (_what, said, sentence) => {
    const { answer } = await askStub(said);
    expect(answer).toMatchObject({ ok: false, error: expect.stringMatching(sentence) });
  });

  it('follows no redirect', async () => {
    let visits = 0;
    const elsewhere = createServer((_, answer) => {
      visits++;
      answer.end('{}');
    });
    elsewhere.listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const { port } = elsewhere.address() as AddressInfo;
    for (const status of [301, 302, 307, 308]) {
      const { answer } = await askStub((response) => {
        response.writeHead(status, { location: `http://127.0.0.1:${port}/v1/chat/completions` });
        response.end();
      });
      expect(answer).toMatchObject({ ok: false, error: expect.stringMatching(/redirect, which is not followed/) });
    }
    elsewhere.close();
    expect(visits).toBe(0);
  });

  it('gives up on a server that is silent, or never comes to an end', async () => {
    expect((await askStub(() => undefined, 50)).answer).toMatchObject({
      ok: false,
      error: expect.stringMatching(/no answer in/),
    });
    const dripping: Stubbed = (answer) => {
      const drip = setInterval(() => answer.write(' '), 5);
      answer.on('close', () => clearInterval(drip));
    };
    expect((await askStub(dripping, 80)).answer).toMatchObject({
      ok: false,
      error: expect.stringMatching(/no answer in/),
    });
  });

  it('ends at once when it is cancelled', async () => {
    const controller = new AbortController();
    await using stub = await stubEndpoint(() => () => controller.abort(new Error('Stopped.')));
    await expect(askEndpoint({ url: stub.url }, 'tiny', QUESTION, controller.signal)).rejects.toThrow('Stopped.');
    await expect(askEndpoint({ url: stub.url }, 'tiny', QUESTION, controller.signal)).rejects.toThrow('Stopped.');
    expect(stub.asked).toHaveLength(1);
  });

  it('says that nothing listens, and asks nobody elsewhere', async () => {
    const gone = await stubEndpoint(() => '');
    await gone[Symbol.asyncDispose]();
    expect(await askEndpoint({ url: gone.url }, 'tiny', QUESTION)).toMatchObject({
      ok: false,
      error: expect.stringMatching(/Nothing listens at 127\.0\.0\.1:\d+/),
    });
    expect(await askEndpoint({ url: 'http://192.0.2.1/v1' }, 'tiny', QUESTION)).toMatchObject({
      ok: false,
      error: expect.stringMatching(/not on this computer/),
    });
  });
});

describe('modelAt', () => {
  it('takes the wanted model, or the only one, with what tells its version', async () => {
    await using stub = await stubEndpoint(
      () => '',
      ['tiny:latest'],
      () => 'abc',
    );
    const tiny = { ok: true, value: { model: 'tiny:latest', version: 'abc' } };
    expect(await modelAt({ url: stub.url }, undefined)).toEqual(tiny);
    expect(await modelAt({ url: stub.url }, 'tiny')).toEqual({ ok: true, value: { model: 'tiny', version: 'abc' } });
    expect(await modelAt({ url: stub.url }, 'other')).toEqual({ ok: true, value: { model: 'other' } });
  });

  it('asks which one where there are several, or none', async () => {
    await using two = await stubEndpoint(() => '', ['big', 'small']);
    expect(await modelAt({ url: two.url }, undefined)).toMatchObject({
      error: expect.stringMatching(/has 2: big, small/),
    });
    await using none = await stubEndpoint(() => '', []);
    expect(await modelAt({ url: none.url }, undefined)).toMatchObject({
      error: expect.stringMatching(/names no model/),
    });
  });
});
