import { describe, expect, it } from 'vitest';
import { makeRun } from '../../test/support/makeRun.ts';
import { memorySource, noNeighbours } from '../core/source/byteSource.ts';
import { rawNeedleOf } from '../core/trace/rawNeedle.ts';
import type { FindHit } from '../protocol/traceService.ts';
import { blocksOf, holding } from './lookThrough.ts';
import { traceService } from './traceService.ts';

const { signal } = new AbortController();
const COUNT = 3000;

/** A run of many calls: every 100th asks for the keyboard, every 7th fails. */
const opened = open();
async function open() {
  const messages: object[] = [{ role: 'user', content: 'Look at all orders' }];
  for (let i = 1; i < COUNT; i++) {
    const args = JSON.stringify({ order: `A-${i}`, item: i % 100 === 0 ? 'Keyboard "MX"' : 'mouse' });
    const call = {
      id: `c${i}`,
      type: 'function',
      function: { name: i % 2 === 0 ? 'get_order' : 'bash', arguments: args },
    };
    messages.push({ role: 'assistant', content: null, tool_calls: [call] });
    messages.push({ role: 'tool', tool_call_id: `c${i}`, content: i % 7 === 0 ? 'Error: no such order' : 'shipped' });
  }
  const bytes = new TextEncoder().encode(JSON.stringify({ messages }));
  const source = memorySource('run.json', bytes);
  const service = traceService(
    { open: async () => ({ source, neighbours: noNeighbours }) },
    { progress: () => undefined, changed: () => undefined, judged: () => undefined },
  );
  const answer = await service.open({ path: 'run.json' }, signal);
  if (answer.status !== 'opened') throw new Error(answer.decline.sentence);
  return { service, run: answer.summary.runs[0]?.id ?? '' };
}

/** All answers to one search, each asked for where the one before ended. */
async function findAll(query: string, from: number, limit = 1000) {
  const { service, run } = await opened;
  const hits: FindHit[] = [];
  for (let done = 0; ; ) {
    const answer = await service.find({ run, query, from, done, limit: limit - hits.length }, signal);
    hits.push(...answer.hits);
    if (!answer.more) expect(answer.done).toBeGreaterThan(done);
    ({ done } = answer);
    if (answer.more || done === COUNT) return { hits, done, more: answer.more };
  }
}

async function filterAll(filter: string): Promise<number[]> {
  const { service, run } = await opened;
  const steps: number[] = [];
  for (let from = 0; from < COUNT; ) {
    const answer = await service.filter({ run, filter, from }, signal);
    if (!answer.ok) throw new Error(answer.problem);
    const view = new DataView(answer.steps.buffer, answer.steps.byteOffset, answer.steps.byteLength);
    for (let i = 0; i < answer.steps.byteLength; i += 4) steps.push(view.getUint32(i, true));
    expect(answer.next).toBeGreaterThan(from);
    from = answer.next;
  }
  return steps;
}

const hundreds = Array.from({ length: 29 }, (_, i) => (i + 1) * 100);

describe('find', () => {
  it('goes from the step on round the end, in pieces that leave nothing out', async () => {
    const { hits, done } = await findAll('KEYBOARD "mx"', 1450);
    expect(hits.map((hit) => hit.step)).toEqual([...hundreds.slice(14), ...hundreds.slice(0, 14)]);
    expect(done).toBe(COUNT);
  });

  it('ends at the limit and says so', async () => {
    const { hits, more } = await findAll('keyboard', 0, 3);
    expect([hits.map((hit) => hit.step), more]).toEqual([[100, 200, 300], true]);
  });
});

describe('filter', () => {
  it.each([
    ['keyboard', hundreds],
    ['keyboard "mx"', hundreds],
    ['tool:bash keyboard', []],
    ['= arguments.item.startsWith("Key") && index > 2750', [2800, 2900]],
    ['= tool == "get_order" && index > 2995', [2996, 2998]],
    ['kind:user', [0]],
  ])('%s keeps the right steps', async (text, expected) => {
    expect(await filterAll(text)).toEqual(expected);
  });
});

describe('continue', () => {
  it.each([
    ['forward', 50, 100],
    ['backward', 250, 200],
  ] as const)('stops %s at the nearest step where a condition holds', async (direction, from, step) => {
    const { service, run } = await opened;
    const breakpoints = [{ id: '1', enabled: true, condition: 'arguments.item.contains("Keyboard")' }];
    const stop = await service.continue({ run, from, direction, breakpoints, stopAtFailures: false }, signal);
    expect(stop).toMatchObject({ step, cause: 'breakpoint' });
  });
});

describe('holding', () => {
  it('finds what lies across the seam of two reads, in the right record only', async () => {
    const bytes = new Uint8Array(3 << 20).fill(0x61);
    const seam = (1 << 20) - 3;
    bytes.set(new TextEncoder().encode('needle'), seam);
    const ends = [seam - 10, seam + 1000, 3 << 20];
    const { run } = makeRun(
      ends.map((end, i) => ({
        user: `${i}`,
        parts: [{ source: 0, start: (ends[i - 1] ?? 0) + (i > 0 ? 1 : 0), end }],
      })),
    );
    const needle = rawNeedleOf('needle');
    if (needle === undefined) throw new Error('no needle');
    const read = async ({ start, end }: { start: number; end: number }) => bytes.subarray(start, end);
    const trace = { read, wordsAsRecorded: true };
    const rows = [...blocksOf(run, 0, 3)].flatMap((block) => block.rows);
    expect((await holding(trace, rows, needle)).map((row) => row.index)).toEqual([1]);
  });
});
