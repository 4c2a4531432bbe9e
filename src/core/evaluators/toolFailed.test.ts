import { describe, expect, it } from 'vitest';
import { judge, makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import { contextFor } from './context.ts';
import { toolFailed } from './toolFailed.ts';

const verdictOf = (...sketches: StepSketch[]) => {
  const made = makeRun(sketches);
  return judge(toolFailed, made, contextFor(made.run));
};

describe('action.tool-failed', () => {
  it('fails for a write that failed and points at it', () => {
    const verdict = verdictOf(
      { user: 'Cancel order 7' },
      { calls: [{ tool: 'get_order', with: { id: 7 }, returns: 'open' }] },
      { calls: [{ tool: 'cancel_order', with: { id: 7 }, fails: 'permission denied' }] },
    );
    expect(verdict).toMatchObject({ status: 'fail', score: 0.5 });
    expect(verdict.findings).toMatchObject([
      {
        step: 2,
        pointer: '/actions/0',
        severity: 'error',
        confidence: 'certain',
        message: 'The call of cancel_order failed: "permission denied".',
        evidence: [{ step: 2, quote: 'permission denied' }],
      },
    ]);
  });

  it('warns for a read that failed', () => {
    const verdict = verdictOf({ calls: [{ tool: 'get_order', with: { id: 7 }, fails: 'no such order' }] });
    expect(verdict).toMatchObject({ status: 'warn', findings: [{ severity: 'warning' }] });
  });

  it('takes exit code 1 of a search as an answer', () => {
    const grep = (exitCode: number) =>
      verdictOf({
        calls: [
          {
            tool: 'bash',
            with: { command: 'grep -r foo src' },
            observation: { content: [], isError: true, errorSource: 'exit-code', exitCode },
          },
        ],
      });
    expect(grep(1).status).toBe('pass');
    expect(grep(2)).toMatchObject({ status: 'warn', findings: [{ message: 'The call of bash failed: exit code 2.' }] });
  });

  it('does not judge a run whose actions have no known outcome', () => {
    expect(verdictOf({ user: 'Hi' }).status).toBe('na');
    expect(verdictOf({ calls: [{ tool: 'get_order' }] }).status).toBe('na');
  });
});
