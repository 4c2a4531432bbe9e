import { describe, expect, it } from 'vitest';
import { type CallSketch, judge, makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import { confidentFailure } from './confidentFailure.ts';
import { contextFor } from './context.ts';

const verdictOf = (...sketches: StepSketch[]) => {
  const made = makeRun(sketches);
  return judge(confidentFailure, made, contextFor(made.run));
};
const user: StepSketch = { user: 'Cancel my duplicate order' };
const get: StepSketch = { calls: [{ tool: 'get_order', with: { id: 7 }, returns: '{"status":"open"}' }] };
const cancel = (more: Partial<CallSketch> = { returns: 'ok' }): StepSketch => ({
  calls: [{ tool: 'cancel_order', with: { id: 7 }, ...more }],
});
const claim: StepSketch = { final: "Done! I've cancelled it." };

describe('outcome.confident-failure', () => {
  it('fails at the final step when nothing was called', () => {
    const verdict = verdictOf(user, claim);
    expect(verdict).toMatchObject({ status: 'fail', score: 0 });
    expect(verdict.findings[0]).toMatchObject({
      step: 1,
      pointer: '/message',
      severity: 'error',
      confidence: 'likely',
    });
    expect(verdict.reason).toContain('no action');
  });

  it('fails when only other things were done', () => {
    const note: StepSketch = { calls: [{ tool: 'send_note', with: { text: 'x' }, returns: 'ok' }] };
    expect(verdictOf(user, get, { final: "I've cancelled it." })).toMatchObject({
      status: 'fail',
      findings: [{ step: 2 }],
    });
    expect(verdictOf(user, note, { final: "I've cancelled it." }).status).toBe('fail');
  });

  it('fails when the action failed, with that action as evidence', () => {
    const verdict = verdictOf(user, cancel({ fails: 'not allowed' }), { final: 'Your order has been cancelled.' });
    expect(verdict).toMatchObject({ status: 'fail', findings: [{ step: 2, actual: 'it failed' }] });
    expect(verdict.findings[0]?.evidence).toMatchObject([
      { step: 2, quote: 'Your order has been cancelled.' },
      { step: 1 },
    ]);
  });

  it('hears the claim of an earlier turn and of a finishing call', () => {
    expect(verdictOf(user, { says: 'I have cancelled it.' }, { user: 'Thanks' }, { final: 'Bye!' })).toMatchObject({
      status: 'fail',
      findings: [{ step: 1 }],
    });
    expect(
      verdictOf(user, { calls: [{ tool: 'attempt_completion', with: { result: 'I have cancelled it.' } }] }),
    ).toMatchObject({
      status: 'fail',
      findings: [{ step: 1, pointer: '/actions/0/arguments/result' }],
    });
  });

  it('fails for a bare "Done!" after a request, when nothing was changed', () => {
    expect(verdictOf(user, get, { final: 'Done!' })).toMatchObject({ status: 'fail', findings: [{ step: 2 }] });
    expect(verdictOf({ user: 'What is 2 + 2?' }, { final: '4. Done!' }).status).toBe('na');
  });

  it('passes a claim with an action of its kind, also by a sub-agent', () => {
    expect(verdictOf(user, get, cancel(), claim)).toMatchObject({ status: 'pass', findings: [] });
    const nested: StepSketch = { ...cancel(), parent: 1, depth: 1, agent: 'orders' };
    expect(verdictOf(user, { says: 'go', end: 3 }, nested, claim).status).toBe('pass');
    const repaired = [cancel({ fails: 'busy' }), cancel()];
    expect(verdictOf(user, ...repaired, claim).status).toBe('pass');
  });

  it('warns when an earlier one worked and the last failed, unless the text admits it', () => {
    const both = [user, cancel(), cancel({ with: { id: 8 }, fails: 'not allowed' })];
    expect(verdictOf(...both, { final: "I've cancelled both orders." })).toMatchObject({
      status: 'warn',
      findings: [{ severity: 'warning' }],
    });
    expect(verdictOf(...both, { final: "I've cancelled order 7. Order 8 could not be cancelled." }).status).toBe(
      'pass',
    );
  });

  it('warns when the last action failed and the final text is silent about it', () => {
    const search: StepSketch = { calls: [{ tool: 'search', with: { q: 'x' }, fails: 'index broken' }] };
    expect(verdictOf({ user: 'Find x' }, search, { final: 'x is a letter.' })).toMatchObject({
      status: 'warn',
      findings: [{ step: 2, evidence: [{ step: 1 }] }],
    });
    expect(verdictOf({ user: 'Find x' }, search, { final: 'I could not search: the index is broken.' }).status).toBe(
      'na',
    );
  });

  it('believes what an action that worked answered', () => {
    const buy: StepSketch = {
      calls: [{ tool: 'shop', with: { item: 'laptop' }, returns: 'Your order was shipped and signed.' }],
    };
    expect(verdictOf({ user: 'Buy it' }, buy, { final: 'Your order has been signed.' }).status).toBe('pass');
  });

  it('takes code in a message for the work itself when there are no tools', () => {
    const code = "I've fixed your function:\n```py\nprint(1)\n```";
    expect(verdictOf({ user: 'Fix it' }, { final: code }).status).toBe('na');
  });

  it('looks into the commands of generic tools, and does not judge when they do not tell', () => {
    const shell = (command: string): StepSketch => ({ calls: [{ tool: 'bash', with: { command }, returns: '' }] });
    const deployed: StepSketch = { final: "I've deployed the service." };
    expect(verdictOf({ user: 'Deploy' }, shell('./deploy.sh prod'), deployed).status).toBe('pass');
    expect(verdictOf({ user: 'Deploy' }, shell('./go.sh'), deployed).status).toBe('na');
    expect(verdictOf({ user: 'Deploy' }, shell('ls -la'), deployed).status).toBe('fail');
    expect(verdictOf({ user: 'Deploy' }, { says: 'go', childRuns: ['sub'] }, deployed).status).toBe('na');
  });

  it.each<[string, StepSketch[]]>([
    ['no claim', [user, get, { final: 'Order 7 is still open.' }]],
    ['an offer', [user, get, { final: 'I can cancel order 7. Shall I?' }]],
    ['work in words', [{ user: 'Summarise it' }, get, { final: "I've created a short summary: it is open." }]],
    ['nothing said', [user, get]],
    ['what the user says', [user, { user: "I've cancelled it myself." }]],
  ])('does not judge %s', (_, sketches) => {
    expect(verdictOf(...sketches)).toMatchObject({ status: 'na', findings: [] });
  });
});

it('hears the last thing the agent said also when the user has the last word', () => {
  const made = makeRun([
    { user: 'Please waive my fee.' },
    { calls: [{ tool: 'waive_fee', with: { amount: 46.4 }, fails: 'Error: amount exceeds the fee' }] },
    { says: 'Your fee has been waived. Get well soon!' },
    { user: 'Great. ###STOP###' },
  ]);
  const verdict = judge(confidentFailure, made, contextFor(made.run));
  expect([verdict.status, verdict.findings[0]?.step]).toEqual(['fail', 2]);
});
