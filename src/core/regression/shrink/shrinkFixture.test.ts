import { describe, expect, it } from 'vitest';
import { makeFixture, recordedCall } from '../../../../test/support/fixtureFile.ts';
import type { Fixture, FixtureMessage } from '../fixture.ts';
import { fixtureProblem } from '../fixtureProblem.ts';
import { problemsOf, scriptOf } from '../replay/script.ts';
import { shrinkFixture } from './shrinkFixture.ts';

const order = { order_id: 'A-1050' };
const right = { order_id: 'A-1042' };

/** The order's number stands in the answer of `list_orders`, whose customer stands in that of `find_customer`. */
function long(noise: number, more: Partial<Fixture> = {}): Fixture {
  const lookups = Array.from({ length: noise }, (_one, i) => recordedCall('read_page', { page: i }, `page ${i}`));
  const before = [
    ...lookups.slice(0, noise / 2),
    recordedCall('find_customer', { name: 'Ada' }, { customer: 'C-77' }),
    ...lookups.slice(noise / 2),
    recordedCall('list_orders', { customer: 'C-77' }, { orders: ['A-1041', 'A-1042', 'A-1050'] }),
  ];
  const after = [recordedCall('send_mail', { to: 'Ada' }, 'sent'), recordedCall('read_page', { page: 0 }, 'page 0')];
  const messages: FixtureMessage[] = [
    { role: 'system', content: 'You are the desk.' },
    { role: 'user', content: 'I am Ada. Cancel my duplicate order.' },
    { role: 'assistant', content: 'I will look.' },
    ...before.flatMap(({ tool, arguments: args, observation }, i): FixtureMessage[] => [
      { role: 'assistant', content: '', toolCalls: [{ id: `call-${i}`, name: tool, arguments: args }] },
      { role: 'tool', toolCallId: `call-${i}`, content: JSON.stringify(observation) },
    ]),
  ];
  return makeFixture({
    goal: 'Cancel my duplicate order.',
    messages,
    recording: [...before, recordedCall('cancel_order', order, 'cancelled'), ...after],
    failure: { position: before.length, calls: [{ tool: 'cancel_order', arguments: order }], reason: 'the wrong one' },
    correction: { calls: [{ tool: 'cancel_order', arguments: right }] },
    expect: [
      { kind: 'mustCall', tool: 'cancel_order', arguments: right },
      { kind: 'mustNotCall', tool: 'cancel_order', arguments: order },
    ],
    ...more,
  });
}

async function shrunk(fixture: Fixture, keep: readonly number[] = []) {
  const result = await shrinkFixture(fixture, { keep: new Set(keep) });
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

const tools = ({ recording }: Fixture) => recording.map(({ tool }) => tool);

describe('the smallest fixture', () => {
  it.each(['replay', 'trace-check', 'decision-point'] as const)(
    'has what the failing call was taken from, and the failing call: %s',
    async (mode) => {
      const { fixture, before, after } = await shrunk(long(100, { mode }));
      expect(tools(fixture)).toEqual(['find_customer', 'list_orders', 'cancel_order']);
      expect(fixture.failure.position).toBe(2);
      expect(fixture.messages.map(({ role }) => role)).toEqual(
        ['system', 'user', ...Array(2).fill(['assistant', 'tool'])].flat(),
      );
      expect([before.recording, after.recording, before.messages, after.messages]).toEqual([105, 3, 207, 6]);
      expect(after.characters).toBeLessThan(before.characters / 5);
      expect(fixtureProblem(fixture)).toBeUndefined();
      const red = (name: 'recorded' | 'corrected' | 'undone') =>
        problemsOf(fixture, scriptOf(fixture, name)).length > 0;
      expect([red('recorded'), red('corrected'), red('undone')]).toEqual([true, false, true]);
    },
  );

  it('is found again from itself', async () => {
    const { fixture } = await shrunk(long(40));
    expect((await shrunk(fixture)).fixture).toEqual(fixture);
  });

  it('keeps the calls on the way where an agent makes them', async () => {
    const { fixture } = await shrunk(long(4), [0, 7]);
    expect(tools(fixture)).toEqual(['read_page', 'find_customer', 'list_orders', 'cancel_order', 'send_mail']);
    expect(fixture.failure.position).toBe(3);
  });

  it('keeps as many calls as an expectation counts', async () => {
    const loop = Array.from({ length: 12 }, () => recordedCall('poll', { id: 'J-1' }, 'pending'));
    const { fixture } = await shrunk(
      makeFixture({
        mode: 'trace-check',
        messages: [{ role: 'user', content: 'Wait for J-1.' }],
        recording: loop,
        failure: { position: 3, calls: [{ tool: 'poll', arguments: { id: 'J-1' } }], reason: 'a loop' },
        correction: { calls: [] },
        expect: [{ kind: 'maxRepeats', tool: 'poll', count: 2 }],
      }),
    );
    // The first, two that are allowed, and the failing one.
    expect(fixture.recording).toHaveLength(4);
    expect(fixture.recording.map(({ ordinal }) => ordinal)).toEqual([0, 1, 2, 3]);
  });

  it('keeps what the agent said before the user spoke, on which it depends whether it asked', async () => {
    const ask: FixtureMessage[] = [
      { role: 'user', content: 'Cancel it, I am Ada.' },
      { role: 'assistant', content: 'Hm.' },
      { role: 'assistant', content: 'Which one?' },
      { role: 'user', content: 'The second.' },
    ];
    const { fixture } = await shrunk(long(0, { messages: ask }));
    expect(fixture.messages.map(({ content }) => content)).toEqual([
      'Cancel it, I am Ada.',
      'Which one?',
      'The second.',
    ]);
  });

  it('breaks the same expectations, not just any', async () => {
    const both = long(2, {
      mode: 'trace-check',
      expect: [
        { kind: 'mustCall', tool: 'cancel_order', arguments: right },
        { kind: 'mustNotCall', tool: 'send_mail', arguments: {} },
      ],
    });
    expect(tools((await shrunk(both)).fixture)).toContain('send_mail');
  });

  it('is not looked for where the proof does not hold', async () => {
    const green = await shrinkFixture(long(2, { correction: { calls: [{ tool: 'cancel_order', arguments: order }] } }));
    expect(green).toEqual({ ok: false, error: expect.stringContaining('does not hold as it is') });
  });

  it('is as small as it got when it is stopped', async () => {
    const fixture = long(100);
    const result = await shrinkFixture(fixture, { stop: () => true });
    expect(result.ok && result.value.fixture).toEqual({ ...fixture, recording: expect.anything() });
  });
});
