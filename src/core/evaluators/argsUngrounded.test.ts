import { describe, expect, it } from 'vitest';
import { judge, makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import type { Run } from '../trace/model.ts';
import { argsUngrounded } from './argsUngrounded.ts';
import { contextFor } from './context.ts';

function verdict(sketches: StepSketch[], more: Partial<Run> = {}) {
  const { steps: _, ...given } = more;
  const made = makeRun(sketches, given);
  return judge(argsUngrounded, made, contextFor(made.run));
}

const lookUp: StepSketch = {
  calls: [
    { tool: 'get_orders', returns: '{"orders":[{"id":"#W2378156","total":172.5},{"id":"#W5490111","total":80}]}' },
  ],
};

describe(argsUngrounded.id, () => {
  it('fails an identifier from nowhere in a changing call, with the nearest earlier one', () => {
    const { status, findings } = verdict([
      { user: 'Cancel it' },
      lookUp,
      { calls: [{ tool: 'cancel_order', with: { order_id: '#W2378165' } }] },
    ]);
    expect(status).toBe('fail');
    expect(findings).toMatchObject([
      { step: 2, pointer: '/actions/0/arguments/order_id', severity: 'error', evidence: [{ step: 1 }] },
    ]);
    expect(findings[0]?.expected).toContain('W2378156');
  });

  it('says how many values it checked', () => {
    const one = { calls: [{ tool: 'cancel_order', with: { order_id: 'W2378156' }, returns: 'ok' }] };
    expect(verdict([{ user: 'Cancel W2378156' }, one]).reason).toBe(
      'The 1 checked value was given to the agent before it was used.',
    );
  });

  it('does not ask where a value came from that may stand in a request that is not recorded', () => {
    const shorten = {
      calls: [{ tool: 'create_short_url', with: { url: 'https://shop.example/sale' }, returns: 'done' }],
    };
    expect(verdict([shorten, shorten]).status).toBe('na');
    expect(verdict([{ kind: 'system', says: 'create_short_url, get_url_stats' }, shorten]).status).toBe('na');
    expect(verdict([{ user: 'Shorten our address' }, shorten]).status).toBe('fail');
  });

  it('takes the label of the element that was clicked as seen on the screen', () => {
    const click = { tool: 'click', with: { element: 'Address12' }, target: { element: 'Address12' }, returns: 'ok' };
    expect(verdict([{ user: 'Fill in the form' }, { calls: [click] }])).toMatchObject({ status: 'na' });
  });

  it('only notes it in a call that reads', () => {
    const { status, findings } = verdict([
      { user: 'Look' },
      { calls: [{ tool: 'get_order', with: { order_id: '#W999123' } }] },
    ]);
    expect(status).toBe('pass');
    expect(findings).toMatchObject([{ severity: 'information' }]);
  });

  it.each([
    ['order_id', 'W2378156'],
    ['order_id', '2378156'],
    ['amount', 252.5],
    ['amount', '$172.50'],
    ['amount', 345],
    ['amount', 92.5],
    ['date', '2026-05-16'],
    ['date', '2026-05-17'],
    ['email', 'ann@example.com'],
    ['limit', 500],
    ['count', 3],
  ])('accepts %s %o as given or derived', (key, value) => {
    const asked = { user: 'I am ann@example.com. Do it on May 16, 2026.' };
    const { findings } = verdict([asked, lookUp, { calls: [{ tool: 'cancel_order', with: { [key]: value } }] }]);
    expect(findings).toEqual([]);
  });

  it('knows what stands at either end of a text that is too long to be read whole', () => {
    const filler = 'row '.repeat(600_000);
    const returns = `order #W2378156 ${filler} order #W5490111`;
    const { status, findings } = verdict([
      { user: 'Cancel both' },
      { calls: [{ tool: 'read', returns }] },
      { calls: [{ tool: 'cancel_order', with: { order_id: '#W2378156' } }] },
      { calls: [{ tool: 'cancel_order', with: { order_id: '#W5490111' } }] },
    ]);
    expect(status).toBe('pass');
    expect(findings).toEqual([]);
  });

  it('does not accept what the agent itself said first, and says so', () => {
    const { findings } = verdict([
      { user: 'Pay my invoice' },
      { says: 'I will use card_9912345.' },
      { calls: [{ tool: 'make_payment', with: { payment_id: 'card_9912345' } }] },
    ]);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.message).toContain('the agent itself was the first to say it, at step 2');
  });

  it('does not accept an example from a tool’s description, but does accept its enum', () => {
    const tools = [
      {
        name: 'update_user',
        description: 'Updates a user',
        inputSchema: {
          properties: {
            user_id: { type: 'string', description: 'such as sara_doe_496' },
            plan: { enum: ['basic2024', 'pro2024'] },
          },
        },
      },
    ];
    const call = { calls: [{ tool: 'update_user', with: { user_id: 'sara_doe_496', plan: 'pro2024' } }] };
    const { findings } = verdict([{ user: 'Upgrade me' }, call], { tools });
    expect(findings.map((finding) => finding.pointer)).toEqual(['/actions/0/arguments/user_id']);
  });

  it('leaves alone what a model writes by nature', () => {
    const body = 'Dear Ann, your order X99812 of 12345 units is on its way and will arrive on 2031-01-01 as agreed.';
    const { status } = verdict([{ user: 'Write to her' }, { calls: [{ tool: 'send_email', with: { body } }] }]);
    expect(status).toBe('na');
  });

  it('checks the numbers of an arithmetic expression', () => {
    const { findings } = verdict([
      { user: 'Add 120 and 130' },
      { calls: [{ tool: 'calculate', with: { expression: '120 + 999' } }] },
    ]);
    expect(findings).toMatchObject([{ actual: '999', severity: 'information' }]);
  });

  it('reports a made-up value where it is used first', () => {
    const call = { calls: [{ tool: 'cancel_order', with: { order_id: '#W2378165' } }] };
    expect(verdict([{ user: 'Go' }, lookUp, call, call, call]).findings.map((finding) => finding.step)).toEqual([2]);
  });

  it('is not applicable when text was cut out, nothing was given, or nothing is to be checked', () => {
    const call = { calls: [{ tool: 'cancel_order', with: { order_id: '#W2378165' } }] };
    const redacted = verdict([{ user: 'My order is [REDACTED]' }, call]);
    expect(redacted).toMatchObject({ status: 'na', findings: [] });
    expect(redacted.reason).toContain('cut out of step 1');
    const filler = 'row '.repeat(600_000);
    const giant = verdict([
      { user: 'Cancel it' },
      { calls: [{ tool: 'read', returns: `${filler}#W2378165${filler}` }] },
      call,
    ]);
    expect(giant).toMatchObject({ status: 'na', findings: [] });
    expect(giant.reason).toContain('of a long text of step 2 only both ends were looked at');
    expect(verdict([call]).status).toBe('na');
    expect(verdict([{ user: 'Hi' }, { final: 'Hello' }]).status).toBe('na');
  });
});
