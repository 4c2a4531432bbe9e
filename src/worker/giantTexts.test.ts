import { beforeEach, expect, it, vi } from 'vitest';
import { memorySource, noNeighbours } from '../core/source/byteSource.ts';
import { traceService } from './traceService.ts';

/** Characters in which secrets were looked for. */
const looked = vi.hoisted(() => ({ at: 0 }));
vi.mock('../core/redact/findSecrets.ts', async (original) => {
  const real = await original<typeof import('../core/redact/findSecrets.ts')>();
  return {
    ...real,
    findCredentials: (text: string) => {
      looked.at += text.length;
      return real.findCredentials(text);
    },
  };
});
beforeEach(() => {
  looked.at = 0;
});

/** Made of parts, so that nobody's scanner takes a test for a leak. */
const KEY = ['sk', 'proj', 'a1B2c3D4e5F6g7H8i9J0'].join('-');
const { signal } = new AbortController();

/** A run whose tool answers `count` times with a text of `length` characters, a key in the middle of each. */
async function opened(count: number, length: number) {
  const half = 'row 12 of it, '.repeat(length / 28);
  const giant = `${half}${KEY}${half}`;
  const call = (id: string) => ({
    role: 'assistant',
    content: null,
    tool_calls: [{ id, type: 'function', function: { name: 'get_log', arguments: '{}' } }],
  });
  const messages = [
    { role: 'user', content: 'Look' },
    ...Array.from({ length: count }, (_, i) => [
      call(`c${i}`),
      { role: 'tool', tool_call_id: `c${i}`, content: giant },
    ]).flat(),
    { role: 'assistant', content: 'Done.' },
  ];
  const bytes = new TextEncoder().encode(messages.map((message) => JSON.stringify(message)).join('\n'));
  const service = traceService(
    { open: async () => ({ source: memorySource('run.jsonl', bytes), neighbours: noNeighbours }) },
    { progress: () => undefined, changed: () => undefined, judged: () => undefined },
  );
  const answer = await service.open({ path: 'run.jsonl' }, signal);
  if (answer.status !== 'opened') throw new Error(answer.decline.sentence);
  // This waits until the file is read to its end.
  await service.refresh({ quiet: true }, signal);
  const [run] = (await service.summary({}, signal)).runs;
  if (run === undefined) throw new Error('The trace has no run.');
  return { service, run: run.id, stepCount: run.stepCount, giant, keyAt: half.length };
}

it('looks for secrets only around what is shown of a giant text, and shows none', async () => {
  const { service, run, giant, keyAt } = await opened(1, 20_000_000);
  looked.at = 0;
  const { step, cuts } = await service.step({ run, step: 1, cutAt: 20_000 }, signal);
  const [cut] = cuts;
  expect(cut?.length).toBe(giant.length);
  expect(JSON.stringify(step).length).toBeLessThan(50_000);
  const pointer = cut?.pointer ?? '';
  const around = { run, step: 1, start: keyAt - 20, count: 60 };
  const text = await service.text({ ...around, pointer }, signal);
  expect(text).toMatch(/^f it, row 12 of it, •••• \(API key\)/);
  expect(text).not.toContain('a1B2');
  const shown = await service.text({ ...around, pointer, showSecrets: true }, signal);
  expect(shown).toContain(KEY);
  expect(text).toHaveLength(shown.length);
  const lines = await service.lines({ run, step: 1, pointer }, signal);
  expect(lines).toEqual(await service.lines({ run, step: 1, pointer, showSecrets: true }, signal));
  await service.watch({ run, step: 1, expressions: ['observation.text.size()'] }, signal);
  expect(looked.at).toBeLessThan(3_000_000);
});

it('sends a giant record by stretches, without its secrets', async () => {
  const { service, run, giant } = await opened(1, 20_000_000);
  looked.at = 0;
  const records = await service.raw({ run, step: 1, cutAt: 50_000 }, signal);
  const part = records.findIndex(({ length }) => length > giant.length);
  expect(records[part]?.text).toHaveLength(50_000);
  const all = await service.rawText(
    { run, step: 1, part, start: 0, count: giant.length * 2, showSecrets: true },
    signal,
  );
  expect(all).toHaveLength(records[part]?.length ?? 0);
  const around = { run, step: 1, part, start: all.indexOf(KEY) - 5, count: 60 };
  expect(await service.rawText({ ...around, showSecrets: true }, signal)).toContain(KEY);
  const masked = await service.rawText(around, signal);
  expect(masked).toContain('•••• (API key)');
  expect(masked).not.toContain('a1B2');
  expect(await service.rawLines({ run, step: 1, part }, signal)).toEqual(
    await service.rawLines({ run, step: 1, part, showSecrets: true }, signal),
  );
  expect(looked.at).toBeLessThan(3_000_000);
  await expect(service.rawText({ ...around, part: 7 }, signal)).rejects.toThrow('Step 2 has no record 8.');
});

it('answers for rows while steps with giant texts are judged', async () => {
  const { service, run, stepCount } = await opened(12, 4_000_000);
  let isJudged = false;
  const judging = Promise.resolve(service.evaluate({ run }, signal)).then(() => {
    isJudged = true;
  });
  let answered = 0;
  while (!isJudged) {
    // As a question from another thread does, this waits for its turn.
    await new Promise((resolve) => setImmediate(resolve));
    if (isJudged) break;
    const rows = await service.rows({ run, start: 0, count: 50 }, signal);
    expect(rows).toHaveLength(stepCount);
    answered++;
  }
  await judging;
  expect(answered).toBeGreaterThan(3);
}, 60_000);
