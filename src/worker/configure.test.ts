import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { memorySource, noNeighbours } from '../core/source/byteSource.ts';
import { traceService } from './traceService.ts';

const messages = [
  { role: 'user', content: 'How is order A-17?' },
  {
    role: 'assistant',
    content: null,
    tool_calls: [{ id: 'c1', type: 'function', function: { name: 'get_order', arguments: '{"order_id": "A-17"}' } }],
  },
  { role: 'tool', tool_call_id: 'c1', content: 'open' },
  { role: 'assistant', content: 'It is open.' },
];
const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), 'configure-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('judges anew by what is set, also by the path of the trace, and says what it could not understand', async () => {
  const bytes = new TextEncoder().encode(JSON.stringify({ messages }));
  const service = traceService(
    { open: async () => ({ source: memorySource('run.json', bytes), neighbours: noNeighbours }) },
    { progress: () => undefined, changed: () => undefined, judged: () => undefined },
  );
  const policyPath = join(folder, 'hindstep.policy.json');
  const overrides = [{ files: ['traces/*'], deny: ['get_order'] }];
  writeFileSync(policyPath, JSON.stringify({ overrides, alow: [] }));

  // The host sends both at once, in this order.
  const opening = service.open({ path: join(folder, 'traces/run.json') }, signal);
  const problems = await service.configure({ policyPath }, signal);
  const answer = await opening;
  expect(problems).toEqual([expect.stringMatching(/hindstep\.policy\.json:1:\d+: "alow" means nothing here/)]);
  const run = answer.status === 'opened' ? (answer.summary.runs[0]?.id ?? '') : '';
  const statusNow = async () => {
    const { verdicts } = await service.evaluate({ run, showSecrets: false }, signal);
    return verdicts.find(({ evaluator }) => evaluator === 'safety.policy')?.status;
  };
  expect(await statusNow()).toBe('fail');
  await service.configure({}, signal);
  expect(await statusNow()).toBe('na');
});
