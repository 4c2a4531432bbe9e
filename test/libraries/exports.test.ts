import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTrajectoryMatchEvaluator } from 'agentevals';
import { Client } from 'langsmith';
import { describe, expect, it } from 'vitest';
import { exportNamed } from '../../src/core/regression/exports/exports.ts';
import type { Fixture } from '../../src/core/regression/fixture.ts';
import { DUPLICATE_ORDER } from '../support/fixtureFile.ts';

// What `hindstep fixtures export` writes, taken by the libraries that it is written for.
const fixture: Fixture = {
  ...DUPLICATE_ORDER,
  messages: [
    { role: 'system', content: 'You are the desk.' },
    { role: 'user', content: 'Cancel my duplicate order.' },
    { role: 'assistant', content: '', toolCalls: [{ id: 'call-1', name: 'list_orders', arguments: {} }] },
    { role: 'tool', toolCallId: 'call-1', content: '["A-1042","A-1050"]' },
  ],
};

function exported(id: string, of: Fixture = fixture): unknown {
  const written = exportNamed(id)?.write(of);
  if (written?.ok !== true) throw new Error(`${id} was not written.`);
  // As it comes from the file.
  return JSON.parse(JSON.stringify(written.value.value));
}

const calls = (...made: readonly (readonly [string, object])[]) => [
  { role: 'user', content: 'Cancel my duplicate order.' },
  ...made.flatMap(([name, args], i) => [
    {
      role: 'assistant',
      content: '',
      tool_calls: [{ id: `c${i}`, type: 'function', function: { name, arguments: JSON.stringify(args) } }],
    },
    { role: 'tool', tool_call_id: `c${i}`, content: 'ok' },
  ]),
  { role: 'assistant', content: 'Done.' },
];

describe('agentevals', () => {
  type Reference = Parameters<typeof createTrajectoryMatchEvaluator>[0] & { referenceOutputs: never };
  const [first, second] = fixture.expect;
  const list = ['list_orders', {}] as const;
  const right = ['cancel_order', { order_id: 'A-1042', reason: 'I was asked to.' }] as const;
  const wrong = ['cancel_order', { order_id: 'A-1050' }] as const;

  it.each([
    ['what must be called, however it is worded', [first], [list, right], true],
    ['beside other calls', [first], [list, ['note', {}], right], true],
    ['the recorded bug', [first], [list, wrong], false],
    ['both, where one is forbidden', [first, second], [list, right, wrong], false],
    ['the right one, where one is forbidden', [first, second], [list, right], true],
  ] as const)('tells right from wrong by it: %s', async (_name, expected, made, score) => {
    const expect_ = expected.flatMap((one) => (one === undefined ? [] : [one]));
    const reference = exported('agentevals', { ...fixture, expect: expect_ }) as Reference;
    const evaluator = createTrajectoryMatchEvaluator(reference);
    const result = await evaluator({ outputs: calls(...made) as never, referenceOutputs: reference.referenceOutputs });
    expect(result.score).toBe(score);
  });
});

describe('LangSmith', () => {
  it('sends the examples to a dataset', async () => {
    const sent: { path: string; body: string }[] = [];
    const server = createServer(async (request, response) => {
      const body = await textOf(request);
      sent.push({ path: request.url ?? '', body });
      response.setHeader('content-type', 'application/json');
      response.end(
        request.url?.includes('info') === true
          ? INFO
          : JSON.stringify({ count: 1, example_ids: [DATASET], id: DATASET }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const client = new Client({ apiUrl, apiKey: 'none', autoBatchTracing: false });
      const examples = exported('langsmith') as { inputs: object; outputs: object; metadata: object }[];
      await client.createExamples(examples.map((example) => ({ ...example, dataset_id: DATASET })) as never);
      const posted = sent.filter(({ path }) => path.includes('examples'));
      expect(posted).not.toEqual([]);
      const body = posted.map((one) => one.body).join('\n');
      expect(body).toContain('A-1042');
      expect(body).toContain('cancels the duplicate order');
      expect(body).toContain('list_orders');
    } finally {
      server.close();
    }
  });
});

const DATASET = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
/** The server takes examples as a form of several parts, as LangSmith's does. */
const INFO = JSON.stringify({ instance_flags: { dataset_examples_multipart_enabled: true } });

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
