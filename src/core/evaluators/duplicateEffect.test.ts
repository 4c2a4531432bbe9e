import { describe, expect, it } from 'vitest';
import { type CallSketch, judge, makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import { contextFor } from './context.ts';
import { duplicateEffect } from './duplicateEffect.ts';

function verdict(sketches: StepSketch[]) {
  const made = makeRun(sketches);
  return judge(duplicateEffect, made, contextFor(made.run));
}

const pay = (more: Partial<CallSketch> = {}): StepSketch => ({
  calls: [{ tool: 'send_payment', with: { to: 'ACME', amount: 100 }, returns: 'done', ...more }],
});

describe(duplicateEffect.id, () => {
  it('fails the second equal payment and shows the first', () => {
    const { status, findings } = verdict([pay(), pay()]);
    expect(status).toBe('fail');
    expect(findings).toMatchObject([{ step: 1, pointer: '/actions/0', evidence: [{ step: 0 }] }]);
  });

  it('fails a blind retry after a timeout, whose effect is unknown', () => {
    const { findings } = verdict([pay({ fails: 'Error: timed out after 30 s' }), pay()]);
    expect(findings[0]?.message).toContain('unknown');
  });

  it('says of every call but the first only that it came again', () => {
    const messages = verdict([pay(), pay(), pay()]).findings.map(({ message }) => message);
    expect(new Set(messages)).toEqual(
      new Set(['send_payment was called again with equal arguments; the same call had succeeded at step 1.']),
    );
  });

  it('tells in a sentence that too little was changed', () => {
    expect(verdict([{ user: 'Hi' }]).reason).toBe('No call is known to change anything.');
    expect(verdict([pay()]).reason).toBe('Only one call changes something; none repeats it.');
  });

  it('allows a retry after a plain failure', () => {
    expect(verdict([pay({ fails: 'Error: card declined' }), pay()]).status).toBe('pass');
  });

  it('allows other arguments, another idempotency key and an undo between', () => {
    expect(verdict([pay(), pay({ with: { to: 'ACME', amount: 50 } })]).status).toBe('pass');
    const keyed = (key: string) => pay({ with: { to: 'ACME', amount: 100, idempotency_key: key } });
    expect(verdict([keyed('a'), keyed('b')]).status).toBe('pass');
    const undo: StepSketch = { calls: [{ tool: 'cancel_payment', with: { to: 'ACME' }, returns: 'ok' }] };
    expect(verdict([pay(), undo, pay()]).status).toBe('pass');
  });

  it('takes a request id for no difference', () => {
    const at = (id: string) => pay({ with: { to: 'ACME', amount: 100, request_id: id } });
    expect(verdict([at('r-1'), at('r-2')]).status).toBe('fail');
  });

  it('only warns where the server gave the same receipt, or the user spoke between', () => {
    expect(verdict([pay({ returns: 'receipt 4711' }), pay({ returns: 'receipt 4711' })]).status).toBe('warn');
    expect(verdict([pay(), { user: 'Thanks. Next?' }, pay()]).status).toBe('warn');
    expect(verdict([pay(), { user: 'Send it again please' }, pay()]).status).toBe('pass');
  });

  it('does not mind setting, writing a file or reading twice', () => {
    const twice = (call: CallSketch): StepSketch[] => [{ calls: [call] }, { calls: [call] }];
    expect(verdict(twice({ tool: 'update_address', with: { id: 'A1', street: 'x' }, returns: 'ok' })).status).toBe(
      'pass',
    );
    expect(verdict(twice({ tool: 'create_file', with: { path: 'a.py', text: 'x' }, returns: 'ok' })).status).toBe(
      'pass',
    );
    expect(verdict(twice({ tool: 'get_order', with: { id: 'A1' }, returns: 'ok' })).status).toBe('na');
  });

  it('is not applicable with fewer than two changing calls', () => {
    expect(verdict([pay()]).status).toBe('na');
  });
});
