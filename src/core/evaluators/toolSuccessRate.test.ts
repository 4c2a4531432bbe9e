import { describe, expect, it } from 'vitest';
import { judge, makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import { contextFor } from './context.ts';
import { toolSuccessRate } from './toolSuccessRate.ts';

const verdictOf = (...sketches: StepSketch[]) => {
  const made = makeRun(sketches);
  return judge(toolSuccessRate, made, contextFor(made.run));
};
const ok = (tool: string): StepSketch => ({ calls: [{ tool, returns: 'ok' }] });
const bad = (tool: string): StepSketch => ({ calls: [{ tool, fails: 'broken' }] });

describe('run.tool-success-rate', () => {
  it("warns below 80 % and points at the worst tool's first failure", () => {
    const verdict = verdictOf(ok('read'), bad('read'), ok('read'), bad('write'), bad('write'));
    expect(verdict).toMatchObject({
      status: 'warn',
      score: 0.4,
      reason: '2 of 5 calls worked (40 %); at least 80 % is expected.',
      findings: [{ step: 3, severity: 'warning', evidence: [{ step: 4 }], actual: '0 %' }],
    });
  });

  it('only informs when fewer than five outcomes are known', () => {
    expect(verdictOf(ok('read'), bad('read'))).toMatchObject({
      status: 'pass',
      findings: [{ severity: 'information' }],
    });
  });

  it('passes at 80 %, and leaves unknown outcomes out of the rate', () => {
    const unknown: StepSketch = { calls: [{ tool: 'read' }] };
    const verdict = verdictOf(ok('a'), ok('a'), ok('a'), ok('a'), bad('a'), unknown, unknown);
    expect(verdict).toMatchObject({ status: 'pass', score: 0.8, findings: [] });
  });

  it('does not judge when no outcome is known', () => {
    expect(verdictOf({ user: 'Hi' }, { calls: [{ tool: 'read' }] })).toMatchObject({ status: 'na', score: null });
  });
});
