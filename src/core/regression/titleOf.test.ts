import { expect, it } from 'vitest';
import { slugOf, titleOf } from './titleOf.ts';

const cancel = { tool: 'cancel_order', arguments: { reason: 'duplicate', order_id: 'A-1050' } };

it('says what must hold, with the argument that says most', () => {
  expect(titleOf({ kind: 'forbid', ...cancel }, false)).toBe('does not call cancel_order with order_id A-1050');
  expect(titleOf({ kind: 'forbid', ...cancel }, true)).toBe('does not repeat cancel_order with order_id A-1050');
  expect(titleOf({ kind: 'edit', ...cancel }, false)).toBe('calls cancel_order with order_id A-1050');
  expect(titleOf({ kind: 'require', tool: 'ask', arguments: {} }, false)).toBe('calls ask');
  expect(titleOf({ kind: 'require', tool: 'write', arguments: { text: 'x'.repeat(200) } }, false)).toBe('calls write');
  expect(titleOf({ kind: 'askFirst', tool: 'pay' }, false)).toBe('asks before it calls pay');
  expect(titleOf({ kind: 'mustNotClaim', claim: 'It is paid' }, false)).toBe('does not claim "It is paid"');
});

it('names files after what the step did', () => {
  expect(slugOf([cancel])).toBe('cancel-order-a-1050');
  expect(slugOf([])).toBe('claim-without-action');
  expect(slugOf([{ tool: '日本', arguments: {} }])).toBe('regression');
});
