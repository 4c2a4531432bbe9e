import { expect, it } from 'vitest';
import { DUPLICATE_ORDER, makeFixture, recordedCall } from '../../../../test/support/fixtureFile.ts';
import type { FixtureCall } from '../fixture.ts';
import { callLines, differenceText, firstFault, sideText } from './callLines.ts';

const list: FixtureCall = { tool: 'list_orders', arguments: {} };
const cancel = (order_id: string, more: object = {}): FixtureCall => ({
  tool: 'cancel_order',
  arguments: { order_id, ...more },
});
const text = (calls: readonly FixtureCall[]) => differenceText(callLines(DUPLICATE_ORDER, calls));

it('lays what was done beside the corrected run, and says what the recorded one did too', () => {
  expect(text([list, cancel('A-1050')])).toEqual([
    '  list_orders({})',
    '- cancel_order({"order_id":"A-1042"})',
    '+ cancel_order({"order_id":"A-1050"})',
    '    as in the recorded run; differs in /order_id: A-1042, got A-1050',
  ]);
  expect(text([cancel('A-1042')])).toEqual(['- list_orders({})', '  cancel_order({"order_id":"A-1042"})']);
  expect(text([list])).toEqual(['  list_orders({})', '- cancel_order({"order_id":"A-1042"})']);
});

it('finds no fault in what the test leaves open, nor in what comes behind', () => {
  const lines = callLines(DUPLICATE_ORDER, [list, cancel('A-1042', { reason: 'twice' }), list]);
  expect(lines.map(({ kind }) => kind)).toEqual(['same', 'same', 'after']);
  expect(firstFault(lines)).toBeUndefined();
  expect(sideText(lines, 'expected')).toBe(sideText(lines, 'actual'));
  // The recorded mistake is one, also behind.
  expect(text([list, cancel('A-1042'), cancel('A-1050')]).slice(-2)).toEqual([
    '+ cancel_order({"order_id":"A-1050"})',
    '    as in the recorded run',
  ]);
});

it('leaves volatile arguments out', () => {
  const call = (id: string) => ({ tool: 'charge', arguments: { request_id: id, amount: 1 } });
  const fixture = makeFixture({
    volatile: ['/request_id'],
    recording: [recordedCall('charge', call('a').arguments, 'ok')],
    failure: { position: 1, calls: [call('x')], reason: '' },
    correction: { calls: [] },
  });
  expect(callLines(fixture, [call('b')])).toMatchObject([{ kind: 'same' }]);
  expect(callLines(fixture, [call('b'), call('c')])[1]).toMatchObject({
    kind: 'extra',
    note: 'as in the recorded run',
  });
});

it('knows the first call that should not have been, or before which one is missing', () => {
  const first = (...calls: FixtureCall[]) => firstFault(callLines(DUPLICATE_ORDER, calls));
  expect(first(list, cancel('A-1050'))).toBe(1);
  expect(first(cancel('A-1042'))).toBe(0);
  expect(first(list)).toBe(1);
  expect(first(list, cancel('A-1042'))).toBeUndefined();
});

it('shows of a long run what lies around the difference', () => {
  const reads = Array.from({ length: 30 }, (_, i) => recordedCall('read', { page: i }, 'ok'));
  const fixture = makeFixture({
    recording: reads,
    failure: { position: 30, calls: [], message: 'done', reason: '' },
    correction: { calls: [cancel('A')] },
  });
  const lines = callLines(fixture, reads);
  expect(differenceText(lines)).toEqual([
    '  … 28 more as expected',
    '  read({"page":28})',
    '  read({"page":29})',
    '- cancel_order({"order_id":"A"})',
  ]);
  expect(sideText(lines, 'expected')).toContain('cancel_order {\n  "order_id": "A"\n}');
});
