import { expect, it } from 'vitest';
import { memorySource, noNeighbours } from '../core/source/byteSource.ts';
import type { Progress } from '../protocol/traceService.ts';
import { traceService } from './traceService.ts';

const STEPS = 3000;
const text = JSON.stringify({
  messages: [
    { role: 'user', content: 'Count them' },
    ...Array.from({ length: STEPS }, (_, i) => ({ role: 'assistant', content: `Number ${i}. ${'word '.repeat(200)}` })),
  ],
});

it('tells how far judging a run is, stops within it when cancelled, and can be asked again', async () => {
  const cancel = new AbortController();
  const seen: Progress[] = [];
  const files = {
    open: async () => ({
      source: memorySource('trace.json', new TextEncoder().encode(text)),
      neighbours: noNeighbours,
    }),
  };
  const service = traceService(files, {
    progress: (progress) => {
      if (progress.task !== 'evaluate') return;
      seen.push(progress);
      if (progress.done < STEPS) cancel.abort(new Error('enough'));
    },
    changed: () => undefined,
    judged: () => undefined,
  });
  const { signal } = new AbortController();
  const answer = await service.open({ path: 'trace.json' }, signal);
  const run = answer.status === 'opened' ? (answer.summary.runs[0]?.id ?? '') : '';

  await expect(service.evaluate({ run }, cancel.signal)).rejects.toThrow('enough');
  expect(seen[0]).toMatchObject({ total: STEPS + 1, unit: 'steps' });
  expect(seen.at(-1)?.done).toBeLessThan(STEPS);
  expect((await service.evaluate({ run }, signal)).verdicts.length).toBeGreaterThan(10);
});
