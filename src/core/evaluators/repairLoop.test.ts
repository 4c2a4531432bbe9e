import { describe, expect, it } from 'vitest';
import { type CallSketch, judge, makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import { contextFor } from './context.ts';
import { repairLoop } from './repairLoop.ts';

const verdictOf = (...sketches: StepSketch[]) => {
  const made = makeRun(sketches);
  return judge(repairLoop, made, contextFor(made.run));
};
const fails = (tool: string, args: CallSketch['with'], text: string, more: StepSketch = {}): StepSketch => ({
  calls: [{ tool, with: args ?? {}, fails: text }],
  ...more,
});
const works = (tool: string, args: CallSketch['with']): StepSketch => ({
  calls: [{ tool, with: args ?? {}, returns: 'ok' }],
});
const timeout = fails('charge_card', { amount: 10 }, 'timed out after 30 s', { tokens: 300, cost: 0.01 });
const bad = fails('get_order', { id: 'x' }, 'invalid id');

describe('loop.repair-loop', () => {
  it('fails at the first retry of a call that timed out and was made again four times', () => {
    const verdict = verdictOf({ user: 'Pay' }, timeout, timeout, timeout, timeout, timeout);
    expect(verdict.status).toBe('fail');
    expect(verdict.findings).toMatchObject([
      { step: 2, pointer: '/actions/0', severity: 'error', confidence: 'likely' },
    ]);
    expect(verdict.findings[0]?.evidence.map(({ step }) => step)).toEqual([1, 3, 4, 5]);
    expect(verdict.reason).toBe(
      'After charge_card failed it was tried again 4 times with the same arguments and it never worked; the retries took 1,200 tokens, $0.04.',
    );
  });

  it('fails also when the last of the equal retries worked', () => {
    const verdict = verdictOf(timeout, timeout, timeout, works('charge_card', { amount: 10 }));
    expect(verdict).toMatchObject({ status: 'fail', findings: [{ step: 1 }] });
    expect(verdict.reason).toContain('before it worked');
  });

  it('warns about one equal retry after a lasting error, not after a transient one', () => {
    expect(verdictOf(bad, bad)).toMatchObject({ status: 'warn', findings: [{ step: 1, severity: 'warning' }] });
    const busy = fails('get_order', { id: 'x' }, '429 Too Many Requests');
    expect(verdictOf(busy, busy).status).toBe('pass');
    expect(verdictOf(bad, works('get_order', { id: 'x' })).status).toBe('pass');
  });

  it('sees an equal retry after a lasting error also when the user spoke in between', () => {
    expect(verdictOf(bad, { user: 'Hm?' }, bad)).toMatchObject({ status: 'warn', findings: [{ step: 2 }] });
  });

  it('fails when three different attempts failed and none worked, and warns when one worked in the end', () => {
    const tries = ['a', 'b', 'c'].map((id) => fails('get_order', { id }, 'invalid id'));
    expect(verdictOf(...tries).status).toBe('fail');
    expect(verdictOf(...tries, works('get_order', { id: 'd' })).status).toBe('warn');
    expect(verdictOf(...tries.slice(0, 2), works('get_order', { id: 'd' })).status).toBe('pass');
  });

  it('allows more retries of a read that backs off', () => {
    const at = (startTime: number): StepSketch => ({
      ...fails('get_order', { id: 1 }, '503 Service Unavailable'),
      startTime,
    });
    expect(verdictOf(at(0), at(1000), at(3000), at(7000), at(15_000)).status).toBe('pass');
    expect(verdictOf(at(0), at(1000), at(2000), at(3000), at(4000)).status).toBe('fail');
  });

  const tests: StepSketch = fails('bash', { command: 'make all' }, 'compile error');
  it.each<[string, StepSketch[]]>([
    [
      'building again after an edit',
      [tests, works('edit_file', { path: 'a', v: 1 }), tests, works('edit_file', { path: 'a', v: 2 }), tests],
    ],
    [
      'different programs of one shell',
      ['ls /x', 'cat /y', 'python z.py'].map((command) => fails('bash', { command }, 'no such file')),
    ],
    [
      'other calls after new user messages',
      [
        bad,
        { user: 'It is y' },
        fails('get_order', { id: 'y' }, 'invalid id'),
        { user: 'Sorry, z' },
        fails('get_order', { id: 'z' }, 'invalid id'),
      ],
    ],
    ['polling', [1, 2, 3, 4].map(() => fails('check_status', { id: 1 }, 'not ready'))],
    ['attempts in parallel', [{ calls: [1, 2, 3].map((id) => ({ tool: 'get', with: { id }, fails: 'invalid' })) }]],
  ])('passes %s', (_, sketches) => {
    const { findings } = verdictOf(...sketches);
    expect(findings).toEqual([]);
  });

  it('fails when repairs are most of what a run does', () => {
    const rounds = ['a', 'b', 'c', 'd', 'e', 'f'].flatMap((id) => [
      fails('get', { id }, 'invalid'),
      works('get', { id: `${id}2` }),
    ]);
    const verdict = verdictOf(...rounds);
    expect(verdict).toMatchObject({ status: 'fail', findings: [{ step: 1, confidence: 'heuristic' }] });
    expect(verdict.reason).toContain('6 of 12 actions only repair failed calls');
  });

  it('does not judge a run without failures', () => {
    expect(verdictOf({ user: 'Hi' }, works('get', { id: 1 })).status).toBe('na');
  });
});
