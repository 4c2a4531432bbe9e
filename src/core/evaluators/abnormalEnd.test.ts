import { describe, expect, it } from 'vitest';
import { judge, makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import type { Run } from '../trace/model.ts';
import { abnormalEnd } from './abnormalEnd.ts';
import { contextFor } from './context.ts';

const verdictOf = (run: Partial<Omit<Run, 'steps'>>, ...sketches: StepSketch[]) => {
  const made = makeRun(sketches, run);
  return judge(abnormalEnd, made, contextFor(made.run));
};
const user: StepSketch = { user: 'Go' };
const read: StepSketch = { calls: [{ tool: 'read', returns: 'x' }] };

describe('outcome.abnormal-end', () => {
  it.each<[string, Partial<Omit<Run, 'steps'>>]>([
    ['a limit', { ended: 'limit' }],
    ['a crash', { ended: 'crash' }],
    ['an interruption', { ended: 'interrupted' }],
    ['a recorded cost limit', { outcome: { status: 'failed', reason: 'exit_cost' } }],
    ['recorded max steps', { outcome: { status: 'failed', reason: 'max_steps' } }],
    ['a recorded crash', { outcome: { status: 'failed', reason: 'exit_error' } }],
  ])('warns for %s and points at the last step', (_, run) => {
    expect(verdictOf(run, user, read, read)).toMatchObject({
      status: 'warn',
      findings: [{ step: 2, severity: 'warning' }],
    });
  });

  it('warns when the last call was never answered', () => {
    const verdict = verdictOf({}, user, read, { calls: [{ tool: 'search' }] });
    expect(verdict).toMatchObject({ status: 'warn', findings: [{ step: 2 }] });
  });

  it('labels a hand-over without blaming it', () => {
    const verdict = verdictOf({}, user, { calls: [{ tool: 'transfer_to_human_agents', returns: 'ok' }] });
    expect(verdict).toMatchObject({ status: 'pass', findings: [{ severity: 'information' }] });
  });

  it('passes a normal end', () => {
    expect(verdictOf({ ended: 'final-answer' }, user, read)).toMatchObject({ status: 'pass', findings: [] });
    expect(verdictOf({}, user, read, { final: 'Done' }).status).toBe('pass');
    expect(verdictOf({ outcome: { status: 'unknown', reason: 'submitted' } }, user, read).status).toBe('pass');
  });

  it('does not judge when nothing tells', () => {
    expect(verdictOf({}, user, read).status).toBe('na');
    expect(verdictOf({ ended: 'unknown' }, user, read).status).toBe('na');
    expect(verdictOf({}).status).toBe('na');
  });
});
