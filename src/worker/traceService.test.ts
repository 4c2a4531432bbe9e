import { describe, expect, it } from 'vitest';
import { memorySource, noNeighbours } from '../core/source/byteSource.ts';
import { traceService } from './traceService.ts';

/** Made of parts, so that nobody's scanner takes a test for a leak. */
const KEY = ['sk', 'proj', 'a1B2c3D4e5F6g7H8i9J0'].join('-');
const MASK = '•••• (API key)';

const call = (id: string, name: string, args: object) => ({
  role: 'assistant',
  content: null,
  tool_calls: [{ id, type: 'function', function: { name, arguments: JSON.stringify(args) } }],
});

const messages = [
  { role: 'user', content: `Pay with ${KEY}, mail ana@example.org` },
  call('c1', 'get_order', { order_id: 'A-17' }),
  { role: 'tool', tool_call_id: 'c1', content: `${'x'.repeat(50)} key ${KEY} end` },
  call('c2', 'cancel_order', { api_key: KEY, password: 'sunshine', order_id: 'A-17' }),
  { role: 'tool', tool_call_id: 'c2', content: 'done' },
  call('c3', 'get_order', { order_id: 'A-17' }),
  { role: 'tool', tool_call_id: 'c3', content: 'cancelled' },
  { role: 'assistant', content: 'Cancelled.' },
];

const { signal } = new AbortController();

async function opened() {
  const bytes = new TextEncoder().encode(JSON.stringify({ messages }));
  const service = traceService(
    { open: async () => ({ source: memorySource('run.json', bytes), neighbours: noNeighbours }) },
    { progress: () => undefined, changed: () => undefined, judged: () => undefined },
  );
  const answer = await service.open({ path: 'run.json' }, signal);
  if (answer.status !== 'opened') throw new Error(answer.decline.sentence);
  const [run] = answer.summary.runs;
  if (run === undefined) throw new Error('The trace has no run.');
  return { service, answer, run: run.id, count: run.stepCount };
}

/** Everything that the service says about the trace, as JSON. */
async function everything(showSecrets: boolean): Promise<string> {
  const { service, answer, run, count } = await opened();
  const said: unknown[] = [
    showSecrets ? await service.summary({ showSecrets }, signal) : answer,
    await service.rows({ run, start: 0, count, showSecrets }, signal),
    await service.evaluate({ run, showSecrets }, signal),
    await service.find({ run, query: 'key', from: 0, done: 0, limit: 50, showSecrets }, signal),
    await service.find({ run, query: KEY, from: 0, done: 0, limit: 50, showSecrets }, signal),
  ];
  const expressions = ['arguments', 'arguments.api_key', 'observation.text', 'arguments.api_key.substring(0, 12)'];
  for (let step = 0; step < count; step++) {
    said.push(
      await service.step({ run, step, cutAt: 70, showSecrets }, signal),
      await service.raw({ run, step, cutAt: 1000, showSecrets }, signal),
      await service.watch({ run, step, expressions, showSecrets }, signal),
      await service.provenance({ run, step, showSecrets }, signal),
    );
  }
  return JSON.stringify(said);
}

describe('secrets', () => {
  it('are in no answer, while what people need for debugging is', async () => {
    const said = await everything(false);
    expect(said).not.toContain(KEY.slice(0, 12));
    expect(said).not.toContain('sunshine');
    expect(said).toContain(MASK);
    expect(said).toContain('ana@example.org');
  });

  it('are answered when they are asked for', async () => {
    const said = await everything(true);
    expect(said).toContain(KEY);
    expect(said).toContain('sunshine');
    expect(said).not.toContain('••••');
  });

  it('leave cuts and ranges right: the pieces make up the masked text', async () => {
    const { service, run } = await opened();
    const { step, cuts } = await service.step({ run, step: 1, cutAt: 60 }, signal);
    const pointer = '/actions/0/observation/content/0/text';
    const [part] = step.actions[0]?.observation?.content ?? [];
    const start = part?.type === 'text' ? part.text.length : 0;
    const length = cuts.find((cut) => cut.pointer === pointer)?.length ?? 0;
    const rest = await service.text({ run, step: 1, pointer, start, count: length - start }, signal);
    expect(`${part?.type === 'text' ? part.text : ''}${rest}`).toBe(`${'x'.repeat(50)} key ${MASK} end`);
  });

  it('are compared as they are in a watch', async () => {
    const { service, run } = await opened();
    const expressions = [`arguments.api_key == "${KEY}"`, 'size(arguments.password)'];
    const values = await service.watch({ run, step: 2, expressions }, signal);
    expect(values).toMatchObject([{ value: true }, { value: 8 }]);
  });
});

describe('calls', () => {
  it('come with their effect and the step that called the same tool before', async () => {
    const { service, run } = await opened();
    const calls = async (step: number) => (await service.step({ run, step, cutAt: 100 }, signal)).calls;
    expect(await calls(0)).toEqual([]);
    expect(await calls(1)).toMatchObject([{ effect: 'read' }]);
    expect(await calls(2)).toMatchObject([{ effect: 'irreversible' }]);
    expect(await calls(3)).toMatchObject([{ effect: 'read', previous: 1 }]);
  });

  it('that write are known after evaluation', async () => {
    const { service, run } = await opened();
    expect(await service.evaluate({ run }, signal)).toMatchObject({ writing: [2], irreversible: [2] });
  });
});

it('continues backwards from the end of the run when the question comes from beyond it', async () => {
  const { service, run } = await opened();
  const from = Number.MAX_SAFE_INTEGER;
  const breakpoints = [{ id: 'b', kind: 'step', run, step: 1, enabled: true }] as const;
  const request = { run, from, direction: 'backward', breakpoints, stopAtFailures: false } as const;
  expect(await service.continue(request, signal)).toMatchObject({ step: 1 });
});
