import { describe, expect, it } from 'vitest';
import { type CallSketch, judge, makeRun } from '../../../test/support/makeRun.ts';
import type { Observation } from '../trace/model.ts';
import { contextFor } from './context.ts';
import { toolTimeout } from './toolTimeout.ts';

const verdictOf = (...calls: CallSketch[]) => {
  const made = makeRun([{ user: 'Go' }, ...calls.map((call) => ({ calls: [call] }))]);
  return judge(toolTimeout, made, contextFor(made.run));
};
const answer = (text: string, more: Partial<Observation> = {}): Observation => ({
  content: [{ type: 'text', text }],
  ...more,
});

describe('action.tool-timeout', () => {
  it.each([
    ['a typed error', answer('', { isError: true, errorSource: 'flag', errorType: 'TimeoutError' })],
    ['a gateway status', answer('', { isError: true, errorSource: 'flag', errorType: '504' })],
    ['an anchored text', answer('Command timed out after 120 s', { isError: true, errorSource: 'flag' })],
    ['a network error', answer('connect ETIMEDOUT 10.0.0.1', { isError: true, errorSource: 'flag' })],
    ['an unflagged error text', answer('Error: the request timed out after 30 seconds')],
  ])('sees %s', (_, observation) => {
    const verdict = verdictOf({ tool: 'search', observation });
    expect(verdict).toMatchObject({ status: 'fail', findings: [{ step: 1, severity: 'error' }] });
  });

  it.each([
    [
      'a document about timeouts',
      answer('The request timed out after 30 seconds is an error that …', { isError: false }),
    ],
    [
      'an unflagged document',
      answer(`How to handle errors: ${'when a call timed out after a while, retry. '.repeat(30)}`),
    ],
    [
      'what a user cancelled',
      answer('timed out after 3 s', { isError: true, errorSource: 'flag', errorType: 'cancelled' }),
    ],
    ['another error', answer('permission denied', { isError: true, errorSource: 'flag' })],
  ])('passes %s', (_, observation) => {
    expect(verdictOf({ tool: 'search', observation }, { tool: 'x', returns: 'ok' }).status).toBe('pass');
  });

  it('says that the effect of a write is unknown and what came next', () => {
    const verdict = verdictOf(
      { tool: 'send_payment', with: { amount: 10 }, fails: 'timed out after 30 s' },
      { tool: 'send_payment', with: { amount: 10 }, returns: 'ok' },
    );
    expect(verdict.findings[0]?.message).toContain('whether it took effect is unknown');
    expect(verdict.findings[0]?.evidence).toMatchObject([{ step: 1 }, { step: 2 }]);
  });

  it('warns when a call took longer than the limit it set', () => {
    const call = (duration: number): CallSketch => ({
      tool: 'search',
      with: { timeout_seconds: 5 },
      observation: answer('ok', { duration }),
    });
    expect(verdictOf(call(6000))).toMatchObject({ status: 'warn', findings: [{ actual: '6 s' }] });
    expect(verdictOf(call(400)).status).toBe('pass');
  });

  it('does not judge without durations and error marks', () => {
    expect(verdictOf({ tool: 'search' }).status).toBe('na');
  });
});
