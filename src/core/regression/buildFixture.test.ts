import { readFileSync } from 'node:fs';
import { type Schema, Validator } from '@cfworker/json-schema';
import { describe, expect, it } from 'vitest';
import { fakeTrace } from '../../../test/support/fakeTrace.ts';
import { makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import type { Run } from '../trace/model.ts';
import { hashOf } from '../util/canonical.ts';
import { type BuildFixtureInput, buildFixture } from './buildFixture.ts';
import type { Fixture } from './fixture.ts';
import { judgeCalls } from './judge.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../../media/schemas/fixture.schema.json', import.meta.url), 'utf8'),
) as Schema;

const ORDERS: readonly StepSketch[] = [
  { user: 'I am ana@example.org. Cancel the duplicate.' },
  { calls: [{ tool: 'find_customer', with: { email: 'ana@example.org' }, returns: '{"customer_id": "C-77"}' }] },
  {
    calls: [
      { tool: 'list_orders', with: { customer_id: 'C-77', request_id: 'r-1' }, returns: '["A-1042", "A-1050"]' },
      { tool: 'list_orders', with: { customer_id: 'C-77', request_id: 'r-2' }, returns: 'busy' },
    ],
  },
  { calls: [{ tool: 'cancel_order', with: { order_id: 'A-1050', reason: 'It repeats another one.' }, returns: 'ok' }] },
  { final: 'Done.' },
];

const EDIT = { kind: 'edit', tool: 'cancel_order', arguments: { order_id: 'A-1042', reason: 'x' } } as const;

async function build(
  change: Partial<Omit<BuildFixtureInput, 'trace' | 'run'>> = {},
  sketches = ORDERS,
  more: Partial<Omit<Run, 'steps'>> = {},
) {
  const made = makeRun(sketches, more);
  return buildFixture({
    trace: fakeTrace(made),
    run: made.run,
    step: 3,
    title: 'cancels the duplicate',
    mode: 'replay',
    correction: EDIT,
    hindstepVersion: '0.1.0',
    ...change,
  });
}

async function built(...args: Parameters<typeof build>): Promise<Fixture> {
  const fixture = await build(...args);
  if (!fixture.ok) throw new Error(fixture.error);
  return fixture.value;
}

/** How the expectations take the recorded run, and the corrected one. */
function verdicts(fixture: Fixture) {
  const { recording, failure, correction, mode } = fixture;
  const before = mode === 'decision-point' ? [] : recording.slice(0, failure.position);
  const recorded = mode === 'decision-point' ? failure.calls : recording;
  const isRed = (calls: typeof recorded) => judgeCalls(fixture, { calls, finalText: '' }).length > 0;
  return {
    recorded: isRed(recorded) ? 'red' : 'green',
    corrected: isRed([...before, ...correction.calls]) ? 'red' : 'green',
  };
}

describe('buildFixture', () => {
  it('writes a secret that was released by name, and says so', async () => {
    const fixture = await built({ release: ['EMAIL_1'] });
    expect(fixture.recording[0]?.arguments).toEqual({ email: 'ana@example.org' });
    expect(fixture.redactions).toContainEqual({
      pointer: '/messages/0/content',
      rule: 'email',
      placeholder: '<EMAIL_1>',
      released: true,
    });
    expect(new Validator(schema).validate(fixture).errors).toEqual([]);
  });

  it('says what could be released when a name names nothing', async () => {
    expect(await build({ release: ['EMAIL_7'] })).toEqual({
      ok: false,
      error: "Nothing called EMAIL_7 would be replaced, so it can't be released; there are: EMAIL_1 (email).",
    });
  });

  it('has the placeholders that a proposed title has', async () => {
    const { title, messages } = await built({ title: 'writes to <EMAIL_1>' });
    expect(title).toBe('writes to <EMAIL_1>');
    expect(messages[0]?.content).toContain('I am <EMAIL_1>.');
  });

  it('holds the conversation up to the failing decision, and not the decision', async () => {
    const { messages, failure, source } = await built({}, ORDERS, { systemPrompt: 'Be good.' });
    expect(
      messages.map(({ role, content, toolCalls }) => [role, toolCalls?.map((call) => call.name) ?? content]),
    ).toEqual([
      ['system', 'Be good.'],
      ['user', 'I am <EMAIL_1>. Cancel the duplicate.'],
      ['assistant', ['find_customer']],
      ['tool', '{"customer_id": "C-77"}'],
      ['assistant', ['list_orders', 'list_orders']],
      ['tool', '["A-1042", "A-1050"]'],
      ['tool', 'busy'],
    ]);
    const ids = messages.flatMap((message) => message.toolCalls?.map((call) => call.id) ?? []);
    expect(messages.flatMap((message) => message.toolCallId ?? [])).toEqual(ids);
    expect(new Set(ids).size).toBe(3);
    expect(failure).toMatchObject({ position: 3, calls: [{ tool: 'cancel_order' }] });
    expect(source).toMatchObject({ fileName: 'run.trace.json', format: 'made', run: 'run', step: 3 });
  });

  it('records every call by hash and ordinal, after redaction and without volatile arguments', async () => {
    const { recording, volatile } = await built();
    expect(volatile).toEqual(['/request_id']);
    expect(recording.map(({ tool, ordinal }) => [tool, ordinal])).toEqual([
      ['find_customer', 0],
      ['list_orders', 0],
      ['list_orders', 1],
      ['cancel_order', 0],
    ]);
    expect(recording[0]?.argumentsHash).toBe(hashOf({ email: '<EMAIL_1>' }));
    expect(recording[1]?.argumentsHash).toBe(hashOf({ customer_id: 'C-77' }));
    expect(recording[2]?.argumentsHash).toBe(recording[1]?.argumentsHash);
  });

  it('says of each recorded call what else it answers, what it does, and when it was made', async () => {
    const asked: readonly StepSketch[] = [
      { user: 'Cancel it' },
      ...ORDERS.slice(1, 3),
      { says: 'Shall I?' },
      { user: 'Yes.' },
      ...ORDERS.slice(3),
    ];
    const { recording, order } = await built({ step: 5 }, asked);
    expect(order).toBe('by-hash');
    expect(recording.map(({ tool, match, effect, step, turn }) => ({ tool, match, effect, step, turn }))).toEqual([
      { tool: 'find_customer', effect: 'read' },
      { tool: 'list_orders', effect: 'read', step: 2 },
      { tool: 'list_orders', effect: 'read', step: 2 },
      { tool: 'cancel_order', match: { order_id: 'A-1050' }, effect: 'irreversible', turn: 1 },
    ]);
  });

  it('lets a recorded call answer no other where its free text alone tells it from another', async () => {
    const search = (query: string) => ({ tool: 'search', with: { shop: 's1', query }, returns: query });
    const steps = [
      { user: 'a' },
      { calls: [search('a red lamp')] },
      { calls: [search('a blue lamp')] },
      ...ORDERS.slice(3),
    ];
    const { recording } = await built({}, steps);
    expect(recording.map(({ match }) => match)).toEqual([undefined, undefined, { order_id: 'A-1050' }]);
  });

  it('has no secret in it, the same placeholder for the same one, and a list of them', async () => {
    const correction = { kind: 'require', tool: 'send', arguments: { to: 'ana@example.org' } } as const;
    const fixture = await built({ correction });
    expect(JSON.stringify(fixture)).not.toContain('ana@example.org');
    expect(fixture.correction.calls).toEqual([{ tool: 'send', arguments: { to: '<EMAIL_1>' } }]);
    expect(fixture.recording[0]?.arguments).toEqual({ email: '<EMAIL_1>' });
    expect(fixture.redactions).toContainEqual({ pointer: '/goal', rule: 'email', placeholder: '<EMAIL_1>' });
    for (const { pointer, placeholder } of fixture.redactions) {
      const value = pointer
        .split('/')
        .slice(1)
        .reduce<unknown>((here, part) => (here as Record<string, unknown>)[part], fixture);
      expect(JSON.stringify(value)).toContain(placeholder);
    }
  });

  it('fits the schema that is shipped, and the schema refuses what does not', async () => {
    const validator = new Validator(schema, '7');
    const fixture = await built();
    expect(validator.validate(fixture).errors).toEqual([]);
    for (const broken of [
      { ...fixture, schemaVersion: 1 },
      { ...fixture, expect: [] },
      { ...fixture, expect: [{ kind: 'mustSing' }] },
      { ...fixture, expect: [{ kind: 'mustCall', tool: 't', arguments: { a: { $match: 'regexp', pattern: 'x' } } }] },
      { ...fixture, more: 1 },
    ]) {
      expect(validator.validate(broken).valid).toBe(false);
    }
    const matchers = [
      'text',
      { nested: true },
      { $match: 'exact', value: 1 },
      { $match: 'oneOf', values: [1] },
      { $match: 'number', value: 1, tolerance: 0.5 },
      { $match: 'ignore' },
    ];
    const expected = matchers.map((a) => ({ kind: 'mustCall', tool: 't', arguments: { a } }));
    expect(validator.validate({ ...fixture, expect: expected }).errors).toEqual([]);
  });

  it('takes the evaluator at its word for what went wrong', async () => {
    const { failure } = await built({ verdict: { evaluator: 'action.args-ungrounded', reason: 'From nowhere.' } });
    expect(failure).toMatchObject({ verdict: 'action.args-ungrounded', reason: 'From nowhere.' });
  });

  it('takes no time that is none', async () => {
    const steps = ORDERS.map((sketch, i) => (i === 3 ? { ...sketch, startTime: 9e20 } : sketch));
    expect((await built({}, steps)).environment).toEqual({});
    const real = ORDERS.map((sketch, i) => (i === 3 ? { ...sketch, startTime: 0 } : sketch));
    expect((await built({}, real)).environment).toEqual({ clock: '1970-01-01T00:00:00.000Z' });
  });

  it('says why no test can be made', async () => {
    const silent = [...ORDERS.slice(0, 3), { says: '' }];
    expect(await build({}, silent)).toEqual({
      ok: false,
      error: expect.stringContaining('calls no tool and says nothing'),
    });
    const other = { ...EDIT, tool: 'refund' };
    expect(await build({ correction: other })).toEqual({
      ok: false,
      error: 'The step does not call refund; it calls cancel_order. Choose another correction.',
    });
  });
});

describe('expectations', () => {
  const order = (order_id: string) => ({ order_id, reason: 'as the user wishes it to be' });

  it('ask for the edited call and forbid the recorded one, without free text', async () => {
    expect((await built()).expect).toEqual([
      { kind: 'mustCall', tool: 'cancel_order', arguments: { order_id: 'A-1042', reason: 'x' } },
      {
        kind: 'mustNotCall',
        tool: 'cancel_order',
        arguments: { order_id: 'A-1050', reason: 'It repeats another one.' },
      },
    ]);
    const sameText = { ...EDIT, arguments: { order_id: 'A-1042', reason: 'It repeats another one.' } };
    expect((await built({ correction: sameText })).expect).toEqual([
      { kind: 'mustCall', tool: 'cancel_order', arguments: { order_id: 'A-1042' } },
      { kind: 'mustNotCall', tool: 'cancel_order', arguments: { order_id: 'A-1050' } },
    ]);
  });

  it('ask for the shape of a hidden value in a new trace, and for nothing where that is more than a pattern may be', async () => {
    const mail = (text: string) => [
      ...ORDERS.slice(0, 3),
      { calls: [{ tool: 'send', with: { to: 'ana@example.org', cc: text, order_id: 'A-1050' } }] },
    ];
    const right = (cc: string) => ({ to: 'ana@example.org', cc, order_id: 'A-1042' });
    const asked = async (cc: string) => {
      const correction = { kind: 'edit', tool: 'send', arguments: right(cc) } as const;
      const [first] = (await built({ correction, mode: 'trace-check' }, mail(cc))).expect;
      return first?.kind === 'mustCall' ? Object.keys(first.arguments) : [];
    };
    expect(await asked('bo@example.org')).toEqual(['to', 'cc', 'order_id']);
    expect(await asked(Array.from({ length: 40 }, () => 'bo@example.org').join(','))).toEqual(['to', 'order_id']);
  });

  it.each<[string, Partial<BuildFixtureInput>, readonly StepSketch[]]>([
    ['an edit', {}, ORDERS],
    ['a forbidden call', { correction: { ...EDIT, kind: 'forbid', arguments: order('A-1050') } }, ORDERS],
    ['any call of a tool', { correction: { kind: 'forbid', tool: 'cancel_order', arguments: {} } }, ORDERS],
    ['a required call', { correction: { kind: 'require', tool: 'ask', arguments: {} } }, ORDERS],
    [
      'a call that was right the first time',
      { correction: { kind: 'forbid', tool: 'charge', arguments: { amount: 129 } } },
      [
        { user: 'Book it' },
        { calls: [{ tool: 'charge', with: { amount: 129 }, fails: 'timed out' }] },
        { calls: [{ tool: 'status', returns: 'unknown' }] },
        { calls: [{ tool: 'charge', with: { amount: 129 }, returns: 'ok' }] },
      ],
    ],
    [
      'arguments that were missing',
      { correction: { kind: 'edit', tool: 'find', arguments: { query: 'lamp' } } },
      [{ user: 'a' }, { says: 'b' }, { says: 'c' }, { calls: [{ tool: 'find', with: {} }] }],
    ],
    [
      'free text alone',
      { correction: { kind: 'forbid', tool: 'bash', arguments: { command: 'rm -rf /' } } },
      [
        { user: 'a' },
        { calls: [{ tool: 'bash', with: { command: 'ls' } }] },
        { says: 'c' },
        { calls: [{ tool: 'bash', with: { command: 'rm -rf /' } }] },
      ],
    ],
    [
      'a claim',
      { correction: { kind: 'require', tool: 'change_plan', arguments: { plan: 'Pro' } } },
      [{ user: 'a' }, { calls: [{ tool: 'list' }] }, { says: 'c' }, { final: 'Done!' }],
    ],
    [
      'one of two calls at once',
      { correction: { kind: 'edit', tool: 'cancel_order', arguments: { order_id: 'A-3000' } } },
      [
        { user: 'a' },
        { says: 'b' },
        { says: 'c' },
        {
          calls: [
            { tool: 'cancel_order', with: { order_id: 'A-1000' } },
            { tool: 'cancel_order', with: { order_id: 'A-2000' } },
          ],
        },
      ],
    ],
  ])('are red on the recorded run and green on the correction: %s', async (_name, change, sketches) => {
    for (const mode of ['trace-check', 'replay', 'decision-point'] as const) {
      const fixture = await built({ ...change, mode }, sketches);
      expect([mode, verdicts(fixture)]).toEqual([mode, { recorded: 'red', corrected: 'green' }]);
      // Each one that is written can fail by itself.
      for (const one of fixture.expect) expect(verdicts({ ...fixture, expect: [one] }).recorded).toBe('red');
    }
  });
});
