import { describe, expect, it } from 'vitest';
import { makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import type { Run } from '../trace/model.ts';
import { defaultCorrections } from './defaultCorrections.ts';
import { slugOf, titleOf } from './draftTitle.ts';

function proposed(sketches: readonly StepSketch[], more: Partial<Omit<Run, 'steps'>> = {}) {
  const { run, steps } = makeRun(sketches, more);
  const failing = steps.at(-1);
  if (failing === undefined) throw new Error('A failing step is needed.');
  return defaultCorrections(run, steps.slice(0, -1), failing);
}

const orders = (...ids: string[]): StepSketch => ({
  calls: [{ tool: 'list_orders', returns: JSON.stringify(ids.map((order_id) => ({ order_id, total: 39 }))) }],
});
const cancel: StepSketch = { calls: [{ tool: 'cancel_order', with: { order_id: 'A-1050', reason: 'duplicate' } }] };

describe('defaultCorrections', () => {
  it('proposes the one other value that stood under the same name', () => {
    const [first, second] = proposed([{ user: 'Cancel the duplicate' }, orders('A-1042', 'A-1050'), cancel]);
    expect(first).toEqual({
      correction: { kind: 'edit', tool: 'cancel_order', arguments: { order_id: 'A-1042', reason: 'duplicate' } },
      why: 'order_id "A-1042" was there too, at step 2.',
    });
    expect(second?.correction).toEqual({
      kind: 'forbid',
      tool: 'cancel_order',
      arguments: { order_id: 'A-1050', reason: 'duplicate' },
    });
  });

  it('guesses nothing where there are several, but names what the user named first', () => {
    const all = proposed([{ user: 'Cancel A-1042' }, orders('A-1041', 'A-1042', 'A-1050'), cancel]);
    expect(all.map(({ correction }) => [correction.kind, correction.arguments.order_id])).toEqual([
      ['forbid', 'A-1050'],
      ['edit', 'A-1042'],
      ['edit', 'A-1041'],
    ]);
    expect(all[1]?.why).toBe('The user named order_id "A-1042".');
  });

  it('finds the id of an order inside orders', () => {
    const list = { calls: [{ tool: 'list', returns: '{"orders": [{"id": "A-1042"}], "users": [{"id": "U-77001"}]}' }] };
    expect(proposed([list, cancel]).map(({ correction }) => correction.arguments.order_id)).toEqual([
      'A-1042',
      'A-1050',
    ]);
  });

  it('believes the benchmark first', () => {
    const expectedActions = [{ tool: 'cancel_order', arguments: { order_id: 'A-1041' } }];
    const [first] = proposed([orders('A-1042'), cancel], { expectedActions });
    expect(first?.correction).toEqual({ kind: 'edit', ...expectedActions[0] });
  });

  it('proposes what a claim lacks, filled with what was seen', () => {
    const tools = [
      { name: 'find_customer' },
      {
        name: 'change_plan',
        inputSchema: { properties: { customer_id: {}, plan: {}, when: {} }, required: ['customer_id', 'plan', 'when'] },
      },
    ];
    const steps: StepSketch[] = [
      { user: 'Upgrade me to Pro' },
      { calls: [{ tool: 'find_customer', returns: '{"customer_id": "C-2090", "plan": "Basic"}' }] },
      { calls: [{ tool: 'find_customer', returns: '[{"plan": "Pro"}, {"plan": "Team"}]' }] },
      { final: 'Done!' },
    ];
    expect(proposed(steps, { tools })).toEqual([
      {
        correction: { kind: 'require', tool: 'change_plan', arguments: { customer_id: 'C-2090', plan: 'Pro' } },
        why: 'change_plan is declared and was never called.',
      },
    ]);
  });
});

describe('titleOf', () => {
  const failing = [{ tool: 'cancel_order', arguments: { order_id: 'A-1050', reason: 'x' } }];
  it.each([
    ['edit', { order_id: 'A-1042', reason: 'x' }, 'cancel_order is called with order_id A-1042, not A-1050'],
    ['edit', { order_id: 'A-1050', reason: 'x', notify: true }, 'cancel_order is called with notify true'],
    ['forbid', { order_id: 'A-1050', reason: 'x' }, 'cancel_order is not called with order_id A-1050'],
    ['forbid', {}, 'cancel_order is not called'],
    ['require', { order_id: 'A-1042' }, 'cancel_order is called with order_id A-1042'],
  ] as const)('says %s %j', (kind, args, title) => {
    expect(titleOf({ kind, tool: 'cancel_order', arguments: args }, failing)).toBe(title);
  });
});

describe('slugOf', () => {
  it.each([
    ['Cancels the duplicate, not the newest!', 'cancels-the-duplicate-not-the-newest'],
    ['Größe übernimmt', 'gro-e-ubernimmt'],
    ['取消', 'regression'],
    ['../../etc', 'etc'],
    [
      'cancel_order is called with order_id A-1042 and never at all with A-1050',
      'cancel-order-is-called-with-order-id-a-1042-and-never-at-all',
    ],
  ])('makes a file name of %j', (title, slug) => {
    expect(slugOf(title)).toBe(slug);
  });
});
