import { describe, expect, it } from 'vitest';
import { judge, makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import { contextFor } from './context.ts';
import { observationMissing } from './observationMissing.ts';

const verdictOf = (...sketches: StepSketch[]) => {
  const made = makeRun(sketches);
  return judge(observationMissing, made, contextFor(made.run));
};
const answered: StepSketch = { calls: [{ tool: 'read', returns: 'text' }] };
const open: StepSketch = { calls: [{ tool: 'search', with: { q: 'x' } }] };

describe('action.observation-missing', () => {
  it('fails for a call that nothing answered while the run went on', () => {
    const verdict = verdictOf(answered, open, { final: 'It says 7.' });
    expect(verdict).toMatchObject({ status: 'fail', score: 0.5 });
    expect(verdict.findings).toMatchObject([
      { step: 1, pointer: '/actions/0', severity: 'error', evidence: [{ step: 2 }] },
    ]);
  });

  it('only informs about calls that are pending: at the end, or interrupted by the user', () => {
    for (const sketches of [
      [answered, open],
      [answered, open, { user: 'Wait' }],
    ]) {
      expect(verdictOf(...sketches)).toMatchObject({ status: 'pass', findings: [{ severity: 'information' }] });
    }
  });

  it('only informs about tools that never answer', () => {
    const verdict = verdictOf(answered, open, open, { final: 'Ok' });
    expect(verdict).toMatchObject({
      status: 'pass',
      findings: [{ severity: 'information' }, { severity: 'information' }],
    });
  });

  it('takes an empty result as a result, and leaves out rejected, finishing and delegating calls', () => {
    const verdict = verdictOf(
      { calls: [{ tool: 'write_file', returns: '' }] },
      { calls: [{ tool: 'rm', approval: { decision: 'rejected' } }] },
      { calls: [{ tool: 'task', with: { prompt: 'x' } }], childRuns: ['sub'] },
      { calls: [{ tool: 'submit' }] },
      { final: 'ok' },
    );
    expect(verdict).toMatchObject({ status: 'pass', findings: [] });
  });

  it('does not judge a trace that records no results', () => {
    expect(verdictOf(open, open, { final: 'Ok' }).status).toBe('na');
    expect(verdictOf({ user: 'Hi' }).status).toBe('na');
  });
});
