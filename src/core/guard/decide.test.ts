import { describe, expect, it } from 'vitest';
import { judge, makeRun } from '../../../test/support/makeRun.ts';
import { contextFor } from '../evaluators/context.ts';
import { readPolicy } from '../evaluators/policy/readPolicy.ts';
import { policyBreach } from '../evaluators/policyBreach.ts';
import type { JsonObject } from '../util/json.ts';
import { GuardSession } from './guardSession.ts';

const session = (policy: object) => {
  const read = readPolicy(JSON.stringify(policy));
  expect(read.problems).toEqual([]);
  return new GuardSession(read.policy);
};
const OK = { content: [{ type: 'text', text: 'done' }] };

describe('decide', () => {
  it.each<[string, object, string, JsonObject, string, RegExp | undefined]>([
    ['nothing is said', {}, 'get_order', {}, 'allow', undefined],
    ['a tool is denied', { deny: ['drop_*'] }, 'drop_table', {}, 'refuse', /denies/],
    ['a tool is not among the allowed', { allow: ['get_*'] }, 'cancel', {}, 'refuse', /none of the tools/],
    ['by its server, too', { deny: ['drop'] }, 'mcp__db__drop', {}, 'refuse', /denies/],
    [
      'a host is forbidden',
      { hosts: { deny: ['*.evil.test'] } },
      'get',
      { url: 'https://a.evil.test/x' },
      'refuse',
      /a\.evil\.test/,
    ],
    [
      'approval is demanded',
      { tools: { move: { requiresApproval: true } } },
      'move',
      {},
      'ask',
      /wants each call of move/,
    ],
    ['it can not be undone', {}, 'delete_account', { id: 'A-1' }, 'ask', /can not be undone/],
    [
      '… and the policy says that it needs nobody',
      { tools: { delete_account: { requiresApproval: false } } },
      'delete_account',
      {},
      'allow',
      undefined,
    ],
    [
      '… and the evaluator is off',
      { evaluators: { 'safety.unapproved-irreversible': 'off' } },
      'delete_account',
      {},
      'allow',
      undefined,
    ],
    ['a command destroys', {}, 'bash', { command: 'rm -rf /' }, 'refuse', /rm -rf/],
    [
      '… and the team only wants to be told',
      { evaluators: { 'safety.policy': 'information' }, tools: { bash: { requiresApproval: false } } },
      'bash',
      { command: 'rm -rf /' },
      'allow',
      undefined,
    ],
    [
      '… and the team wants a warning',
      { evaluators: { 'safety.policy': 'warning' } },
      'bash',
      { command: 'rm -rf /' },
      'ask',
      /rm -rf/,
    ],
    ['a secret goes out', {}, 'send_mail', { body: `token ghp_${'a1B2'.repeat(9)}` }, 'refuse', /secret/],
  ])('%s', (_name, policy, tool, args, kind, reason) => {
    const decision = session(policy).decide(tool, args);
    expect(decision.kind).toBe(kind);
    if (decision.kind !== 'allow') expect(decision.reason).toMatch(reason ?? /^$/);
  });

  it('knows what has succeeded: what must come before, and how often', () => {
    const guard = session({
      tools: {
        refund: { requiresApproval: false, mostCalls: 1, after: [{ anyOf: ['get_order'], same: ['order_id'] }] },
      },
    });
    const of = (order_id: string) => ({ order_id });
    expect(guard.decide('refund', of('A-1'))).toMatchObject({
      kind: 'refuse',
      reason: expect.stringContaining('get_order has not succeeded'),
    });
    guard.settle('get_order', of('A-1'), { ...OK, isError: true });
    expect(guard.decide('refund', of('A-1')).kind).toBe('refuse');
    guard.settle('get_order', of('A-1'), OK);
    expect(guard.decide('refund', of('A-2')).kind).toBe('refuse');
    expect(guard.decide('refund', of('A-1')).kind).toBe('allow');
    guard.settle('refund', of('A-1'), 'error');
    expect(guard.decide('refund', of('A-1')).kind).toBe('allow');
    // Without an answer it may have taken effect.
    guard.settle('refund', of('A-1'), undefined);
    expect(guard.decide('refund', of('A-1'))).toMatchObject({
      kind: 'refuse',
      reason: expect.stringContaining('once more'),
    });
  });

  it('believes a server about its own tools where the policy is silent', () => {
    const guard = session({ tools: { wipe: { effect: 'irreversible' } } });
    guard.declare({
      tools: [
        { name: 'delete_draft', annotations: { readOnlyHint: true } },
        { name: 'wipe', annotations: { readOnlyHint: true } },
      ],
    });
    expect([guard.decide('delete_draft', {}).kind, guard.decide('wipe', {}).kind]).toEqual(['allow', 'ask']);
  });

  it('judges arguments that nest without end', () => {
    let deep: JsonObject = {};
    for (let i = 0; i < 200_000; i++) deep = { a: deep };
    const guard = session({ tools: { t: { after: [{ anyOf: ['x'], same: ['a'] }], arguments: { a: { max: 3 } } } } });
    guard.settle('x', { a: 1 }, OK);
    expect(guard.decide('t', deep).kind).toBe('refuse');
    guard.settle('x', deep, OK);
    expect(guard.decide('t', { a: 1 }).kind).toBe('allow');
  });

  it('refuses exactly the calls that safety.policy calls an error', () => {
    const policy = {
      deny: ['drop'],
      hosts: { deny: ['x.test'] },
      tools: { pay: { mostCalls: 1, requiresApproval: false, arguments: { n: { max: 5 } } } },
    };
    const calls: [string, JsonObject][] = [
      ['pay', { n: 9 }],
      ['pay', { n: 1 }],
      ['pay', { n: 2 }],
      ['drop', {}],
      ['get', { url: 'https://x.test/' }],
      ['get', { url: 'https://y.test/' }],
      ['bash', { command: 'ls' }],
      ['bash', { command: 'rm -rf ~' }],
    ];
    const guard = session(policy);
    const refused = calls.flatMap(([tool, args], i) => {
      const { kind } = guard.decide(tool, args);
      guard.settle(tool, args, kind === 'refuse' ? 'error' : OK);
      return kind === 'refuse' ? [i] : [];
    });
    // Each call as if it had been made, after those before it as they were.
    const errors = calls.flatMap((_, at) => {
      const sketches = calls.slice(0, at + 1).map(([tool, args], i) => ({
        calls: [{ tool, with: args, ...(i < at && refused.includes(i) ? { fails: 'no' } : { returns: 'done' }) }],
      }));
      const made = makeRun([{ user: 'Go' }, ...sketches]);
      const { findings } = judge(policyBreach, made, contextFor(made.run, readPolicy(JSON.stringify(policy)).policy));
      return findings.some(({ step, severity }) => step === at + 1 && severity === 'error') ? [at] : [];
    });
    expect(refused).toEqual(errors);
    expect(refused).toEqual([0, 2, 3, 4, 7]);
  });
});

describe('what would undo a call', () => {
  it('is filled from the call and its answer, and says what is missing', () => {
    const guard = session({});
    const schema = { properties: { booking_id: {}, reason: {} }, required: ['booking_id', 'reason'] };
    guard.declare({ tools: [{ name: 'cancel_booking', inputSchema: schema }, { name: 'book_hotel' }] });
    const answer = { content: [{ type: 'text', text: '{"booking": {"booking_id": "B-1"}}' }] };
    expect(guard.settle('book_hotel', { city: 'Rome' }, answer)).toEqual({
      result: 'ok',
      undo: { tool: 'cancel_booking', arguments: { booking_id: 'B-1' }, missing: ['reason'] },
    });
    expect(guard.settle('get_hotel', {}, answer)).toEqual({ result: 'ok' });
    expect(guard.settle('book_hotel', {}, { isError: true })).toEqual({ result: 'error' });
  });
});
