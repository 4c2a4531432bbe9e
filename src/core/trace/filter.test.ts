import { describe, expect, it } from 'vitest';
import { makeRun } from '../../../test/support/makeRun.ts';
import { parseFilter } from './filter.ts';
import { hitsIn } from './find.ts';

const { steps } = makeRun([
  { user: 'Where is order 17? See http://shop.example' },
  { agent: 'planner', says: 'I look it up.' },
  { agent: 'worker', calls: [{ tool: 'get_order', with: { id: 'A 17' }, returns: 'Order 17 is late' }] },
  { agent: 'worker', calls: [{ tool: 'bash', with: { command: 'x' }, fails: 'not found' }] },
  { final: 'It is late.' },
]);

function kept(text: string, flagged: number[] = []): number[] {
  const filter = parseFilter(text);
  if (!filter.ok) throw new Error(filter.error);
  return steps
    .filter((step) => filter.value.keepsRow(step, flagged.includes(step.index)) && filter.value.keepsStep(step))
    .map((step) => step.index);
}

describe('parseFilter', () => {
  it.each([
    ['', [0, 1, 2, 3, 4]],
    ['tool:bash', [3]],
    ['agent:worker', [2, 3]],
    ['agent:worker -tool:bash', [2]],
    ['kind:user', [0]],
    ['status:fail', [3]],
    ['status:ok', [0, 1, 2, 4]],
    ['late', [2, 4]],
    ['"order 17"', [0, 2]],
    ['-late agent:worker', [3]],
    ['http://shop', [0]],
    ['= tool == "bash" && observation.isError', [3]],
    ['LATE', [2, 4]],
  ])('%j keeps %j', (text, expected) => {
    expect(kept(text)).toEqual(expected);
  });

  it('counts a step with a failing finding as failed', () => {
    expect(kept('status:fail', [4])).toEqual([3, 4]);
  });

  it('knows when rows are enough', () => {
    const [rows, bodies] = [parseFilter('tool:bash'), parseFilter('late')];
    expect(rows.ok && rows.value.rowsOnly).toBe(true);
    expect(bodies.ok && bodies.value.rowsOnly).toBe(false);
  });

  it('says which keys there are when one is unknown', () => {
    const filter = parseFilter('colour:red');
    expect(filter.ok ? '' : filter.error).toContain('tool:');
  });
});

describe('hitsIn', () => {
  it('points at the text that holds the query, with an excerpt', () => {
    const [hit] = [...hitsIn(steps[2] ?? fail(), 'IS LATE')];
    expect(hit).toMatchObject({ pointer: '/actions/0/observation/content/0/text', excerpt: 'Order 17 is late', at: 9 });
  });

  it('finds argument values and nothing for an empty query', () => {
    expect([...hitsIn(steps[2] ?? fail(), 'a 17')].map((hit) => hit.pointer)).toEqual(['/actions/0/arguments/id']);
    expect([...hitsIn(steps[2] ?? fail(), '')]).toEqual([]);
  });
});

function fail(): never {
  throw new Error('no such step');
}
