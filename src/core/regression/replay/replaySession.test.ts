import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeFixture, recordedCall } from '../../../../test/support/fixtureFile.ts';
import type { JsonObject } from '../../util/json.ts';
import { mayBeLive, ReplaySession } from './replaySession.ts';

function play(session: ReplaySession, ...calls: [tool: string, args: JsonObject][]): unknown[] {
  return calls.map(([tool, args]) => {
    const outcome = session.call(tool, args);
    return outcome.kind === 'answered' ? outcome.observation : outcome.kind === 'ended' ? outcome.sentence : 'live';
  });
}

describe('ReplaySession', () => {
  it('answers equal calls one after the other, and explains a call that is one too many', () => {
    const recording = [recordedCall('list', { page: 1 }, 'first'), recordedCall('list', { page: 1 }, 'second')];
    const session = new ReplaySession(makeFixture({ recording }));
    expect(play(session, ['list', { page: 1 }], ['list', { page: 1 }], ['list', { page: 1 }])).toEqual([
      'first',
      'second',
      'the run left the recording: list({"page":1}) was recorded 2 times and is made once more.',
    ]);
    expect(session.judgement().divergence).toEqual({
      sentence: session.ended,
      call: expect.objectContaining({ tool: 'list' }),
    });
  });

  it('explains a near miss by pointers, without those that are volatile', () => {
    const recording = [
      recordedCall('find', { order: { id: 'A100', items: [1, 2] }, request_id: 'r-1' }, 'x'),
      recordedCall('find', { order: { id: 'A123', items: [1, 2] }, request_id: 'r-2' }, 'x'),
    ];
    const session = new ReplaySession(makeFixture({ recording, volatile: ['/request_id'] }));
    const [sentence] = play(session, ['find', { order: { id: 'A123', items: [1, 3] }, request_id: 'r-9' }]);
    expect(sentence).toMatch(/ was not recorded; recorded call 2 differs in \/order\/items\/1: 2, got 3\.$/);
    expect(session.judgement().divergence).toMatchObject({ nearest: 1 });
  });

  it('answers calls that are like a recorded one where that says so, but equal ones first', () => {
    const recording = [
      recordedCall('search', { query: 'red lamp', shop: 's1' }, 'lamps', { match: { shop: 's1' } }),
      recordedCall('search', { query: 'blue lamp', shop: 's1' }, 'blue ones', { match: { shop: 's1' } }),
    ];
    const session = new ReplaySession(makeFixture({ recording }));
    expect(
      play(session, ['search', { query: 'blue lamp', shop: 's1' }], ['search', { query: 'lamp, red', shop: 's1' }]),
    ).toEqual(['blue ones', 'lamps']);
    expect(play(session, ['search', { query: 'red lamp', shop: 's2' }])).toEqual([
      expect.stringContaining('differs in /shop: s1, got s2'),
    ]);
  });

  it('in sequential order answers only whose turn it is, and calls made at once in any order', () => {
    const recording = [
      recordedCall('open', {}, 'opened'),
      recordedCall('read', { page: 1 }, 'one', { step: 1 }),
      recordedCall('read', { page: 2 }, 'two', { step: 1 }),
      recordedCall('close', {}, 'closed'),
      recordedCall('after', {}, 'anywhere'),
      recordedCall('later', {}, 'too'),
    ];
    const fixture = makeFixture({ recording, order: 'sequential', failure: { position: 4, calls: [], reason: '' } });
    const right = new ReplaySession(fixture);
    expect(
      play(
        right,
        ...(['open', 'read', 'read', 'close', 'later', 'after'] as const).map((tool, i): [string, JsonObject] => [
          tool,
          tool === 'read' ? { page: i === 1 ? 2 : 1 } : {},
        ]),
      ),
    ).toEqual(['opened', 'two', 'one', 'closed', 'too', 'anywhere']);
    expect(play(new ReplaySession(fixture), ['close', {}])).toEqual([
      'the run left the recording: close({}) came where call 1 was open({}).',
    ]);
    expect(play(new ReplaySession({ ...fixture, order: 'by-hash' }), ['close', {}])).toEqual(['closed']);
  });

  it('goes on with an error for what was not recorded, where the fixture says so', () => {
    const session = new ReplaySession(makeFixture({ onMiss: 'not-found', expect: [{ kind: 'maxSteps', count: 5 }] }));
    expect(session.call('find', {})).toEqual({ kind: 'answered', observation: { error: 'not found' }, isError: true });
    expect(session.judgement().problems).toEqual([]);
  });

  it('gives the corrected call its answer, which was never recorded', () => {
    const expectation = { kind: 'mustCall', tool: 'cancel', arguments: { id: 'A-1' } } as const;
    const session = new ReplaySession(makeFixture({ expect: [expectation] }));
    expect(play(session, ['cancel', { id: 'A-1', note: 'x' }])).toEqual([{ status: 'ok' }]);
  });

  it('asks for the words of the recorded user, and knows what was asked before a call', () => {
    const messages = [
      { role: 'user', content: 'Pay it' },
      { role: 'assistant', content: 'Shall I?' },
      { role: 'user', content: 'Yes.' },
    ] as const;
    const session = new ReplaySession(makeFixture({ messages, expect: [{ kind: 'mustAskBefore', tool: 'pay' }] }));
    expect(session.messages).toHaveLength(1);
    expect(session.say('May I pay?')).toBe(true);
    expect(session.messages.map(({ content }) => content)).toEqual(['Pay it', 'May I pay?', 'Yes.']);
    session.call('pay', {});
    expect(session.judgement().problems).toEqual([]);
    expect(session.judgement().calls).toMatchObject([{ tool: 'pay', asked: true }]);
  });

  it('lets a variation say and observe something else', () => {
    const recording = [recordedCall('list', {}, 'all is well')];
    const session = new ReplaySession(makeFixture({ recording }), {
      messages: ([goal]) => [{ role: 'user', content: `${goal?.content}, or that` }],
      answer: ({ tool }, entry) =>
        tool === 'list' && entry === 0 ? { observation: 'timed out', isError: true } : undefined,
    });
    expect(session.messages).toEqual([{ role: 'user', content: 'Do it, or that' }]);
    expect(session.call('list', {})).toEqual({ kind: 'answered', observation: 'timed out', isError: true });
    expect(session.messages.at(-1)).toEqual({ role: 'tool', toolCallId: 'call-1', content: 'timed out' });
  });
});

describe('live', () => {
  const reader = recordedCall('read_page', { page: 1 }, 'one', { effect: 'read' });
  const writer = recordedCall('send_mail', { to: 'a' }, 'sent', { effect: 'irreversible' });

  it('asks the real tool only where all that is known of it is that it reads', () => {
    const known = {
      recording: [reader, writer, recordedCall('both', {}, ''), recordedCall('both', {}, '', { effect: 'write' })],
    };
    const tools = [
      { name: 'declared', effect: 'read' },
      { name: 'read_page' },
      { name: 'both', effect: 'read' },
      { name: 'unknown' },
    ] as const;
    const live = ['read_page', 'send_mail', 'declared', 'both', 'unknown', 'never heard of'].filter((tool) =>
      mayBeLive({ ...known, tools }, tool),
    );
    expect(live).toEqual(['read_page', 'declared']);
  });

  it('never calls a tool that writes, whatever the fixture says', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('write', 'irreversible', 'unknown'),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (effect, args) => {
          const session = new ReplaySession(
            makeFixture({
              onMiss: 'live',
              recording: [recordedCall('send_mail', { to: '\u0000' }, 'sent', { effect })],
            }),
          );
          const outcome = session.call('send_mail', args as JsonObject);
          expect(outcome.kind).toBe('ended');
          expect(session.ended).toContain('It is not called live, because send_mail is not known to only read.');
        },
      ),
    );
  });

  it('goes on with what the real tool answers, or ends where there is none', () => {
    const session = new ReplaySession(makeFixture({ onMiss: 'live', recording: [reader] }));
    const outcome = session.call('read_page', { page: 2 });
    if (outcome.kind !== 'live') throw new Error(outcome.kind);
    outcome.answer({ text: 'two' });
    expect(session.messages.at(-1)).toMatchObject({ role: 'tool', content: '{"text":"two"}' });
    expect(session.ended).toBeUndefined();
    expect(session.endWithoutTool(outcome.call).sentence).toContain('the test has no live tool of this name');
  });
});

it('answers a recording that is made again in any order, whatever was drawn', () => {
  const drawn = fc.array(
    fc.record({ tool: fc.constantFrom('a', 'b'), args: fc.dictionary(fc.string(), fc.jsonValue()) }),
  );
  fc.assert(
    fc.property(drawn, fc.infiniteStream(fc.nat()), (calls, random) => {
      const recording = calls.map(({ tool, args }, i) => recordedCall(tool, args as JsonObject, i));
      const session = new ReplaySession(
        makeFixture({ recording, failure: { position: calls.length, calls: [], reason: '' } }),
      );
      const order = calls.map((_call, i) => ({ i, at: random.next().value as number })).sort((a, b) => a.at - b.at);
      const answers = play(
        session,
        ...order.map(({ i }): [string, JsonObject] => [calls[i]?.tool ?? '', (calls[i]?.args ?? {}) as JsonObject]),
      );
      // Each recorded answer is given exactly once.
      expect([...answers].sort()).toEqual(recording.map((_one, i) => i).sort());
      expect(session.judgement().problems).toEqual([]);
    }),
  );
});
