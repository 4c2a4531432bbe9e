import type { Fixture, Recording } from '../../src/core/regression/fixture.ts';
import type { JsonObject } from '../../src/core/util/json.ts';

/** A recorded call with its answer. */
export function recordedCall(
  tool: string,
  args: JsonObject,
  observation: Recording['observation'],
  more: Partial<Recording> = {},
): Recording {
  return { tool, arguments: args, argumentsHash: '', ordinal: 0, observation, isError: false, ...more };
}

/** A fixture in which nothing was recorded and nothing is expected, but for what is given. */
export function makeFixture(more: Partial<Fixture>): Fixture {
  return {
    schemaVersion: 2,
    normaliserVersion: 1,
    id: 'f',
    title: 't',
    mode: 'replay',
    source: { fileName: '', format: '', run: '', step: 0, sha256: '', hindstep: '' },
    goal: 'Do it',
    messages: [{ role: 'user', content: 'Do it' }],
    tools: [],
    toolsDigest: '',
    environment: {},
    recording: [],
    onMiss: 'error',
    failure: { position: 0, calls: [], reason: '' },
    correction: { calls: [] },
    expect: [],
    volatile: [],
    redactions: [],
    ...more,
  };
}

/** Somebody is charged twice and asks to cancel the duplicate, A-1042; the recorded agent cancelled A-1050. */
export const DUPLICATE_ORDER = makeFixture({
  id: 'cancel-duplicate',
  title: 'cancels the duplicate order',
  goal: 'Cancel my duplicate order.',
  messages: [{ role: 'user', content: 'Cancel my duplicate order.' }],
  tools: [
    {
      name: 'list_orders',
      description: 'Lists orders.',
      inputSchema: { type: 'object', properties: {} },
      effect: 'read',
    },
    {
      name: 'cancel_order',
      inputSchema: { properties: { order_id: { type: 'string' } }, required: ['order_id'] },
      effect: 'irreversible',
    },
  ],
  recording: [
    recordedCall('list_orders', {}, { orders: ['A-1041', 'A-1042', 'A-1050'] }, { effect: 'read' }),
    recordedCall('cancel_order', { order_id: 'A-1050' }, { status: 'cancelled' }, { effect: 'irreversible' }),
  ],
  failure: {
    position: 1,
    calls: [{ tool: 'cancel_order', arguments: { order_id: 'A-1050' } }],
    reason: 'cancelled the newest order',
  },
  correction: { calls: [{ tool: 'cancel_order', arguments: { order_id: 'A-1042' } }] },
  expect: [
    { kind: 'mustCall', tool: 'cancel_order', arguments: { order_id: 'A-1042' } },
    { kind: 'mustNotCall', tool: 'cancel_order', arguments: { order_id: 'A-1050' } },
  ],
});
