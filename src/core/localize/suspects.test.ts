import { describe, expect, it } from 'vitest';
import { judge, makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import { contextFor } from '../evaluators/context.ts';
import { EVALUATORS } from '../evaluators/registry.ts';
import type { Finding, Verdict } from '../evaluators/verdict.ts';
import type { Run } from '../trace/model.ts';
import { type SignedSign, Signs } from './signals/all.ts';
import { offGoal } from './signals/offGoal.ts';
import { suspects } from './suspects.ts';

const judged = (sketches: readonly StepSketch[], more: Partial<Omit<Run, 'steps'>> = {}) => {
  const made = makeRun(sketches, more);
  const verdicts = EVALUATORS.map((evaluator) => judge(evaluator, made, contextFor(made.run)));
  return { verdicts, found: suspects(made.run, verdicts) };
};
const statusOf = (verdicts: readonly Verdict[], id: string) =>
  verdicts.find(({ evaluator }) => evaluator === id)?.status;

const user: StepSketch = { user: 'Charge my card 40 EUR for order A-1042 and tell me' };
const get: StepSketch = { calls: [{ tool: 'get_order', with: { id: 'A-1042' }, returns: '{"total": 40}' }] };
const charge = (how: { fails: string } | { returns: string }): StepSketch => ({
  calls: [{ tool: 'charge_card', with: { order: 'A-1042', amount: 40 }, ...how }],
});
const timeout = charge({ fails: 'timed out after 30 s' });

describe('suspects: worked cases', () => {
  it('lands on the timeout and the first retry of a repair loop, before all later retries', () => {
    const { verdicts, found } = judged([
      user,
      get,
      timeout,
      timeout,
      timeout,
      timeout,
      timeout,
      { final: 'Sorry, it failed.' },
    ]);
    expect(statusOf(verdicts, 'action.tool-timeout')).toBe('fail');
    expect(statusOf(verdicts, 'loop.repair-loop')).toBe('fail');
    expect(
      found
        .slice(0, 2)
        .map(({ step }) => step)
        .sort(),
    ).toEqual([2, 3]);
    expect(found[0]?.score).toBeGreaterThan((found[2]?.score ?? 0) + 0.05);
  });

  it('lands on a claim that nothing bears out', () => {
    const { found } = judged([{ user: 'Cancel my order' }, { final: "Done! I've cancelled it." }]);
    expect(found).toMatchObject([{ step: 1, evaluators: ['outcome.confident-failure'] }]);
    expect(found[0]?.reason).toContain('no action');
  });

  it('points at the failed action behind a false claim rather than at the claim', () => {
    const { found } = judged([user, get, charge({ fails: 'card declined' }), { final: "I've charged your card." }]);
    expect(found.map(({ step }) => step)).toEqual([2, 3]);
    expect(found[0]?.evaluators).toEqual(expect.arrayContaining(['outcome.confident-failure', 'action.tool-failed']));
  });

  it.each<Run['outcome']>([{ status: 'unknown' }, { status: 'passed', reward: 1 }])(
    'has no suspect in a good run (%o)',
    (outcome) => {
      const { verdicts, found } = judged(
        [user, get, charge({ returns: 'ok' }), { final: 'I have charged your card 40 EUR.' }],
        {
          ...(outcome !== undefined && { outcome }),
        },
      );
      const mine = verdicts.filter(({ evaluator }) => !evaluator.startsWith('safety.'));
      expect(mine.filter(({ status }) => status !== 'pass' && status !== 'na')).toEqual([]);
      expect(found.filter(({ evaluators }) => !evaluators.every((id) => id.startsWith('safety.')))).toEqual([]);
    },
  );

  it('has no high suspect when an early error was repaired and the run passed', () => {
    const early: StepSketch[] = [
      { user: 'Where is order A-1042?' },
      { calls: [{ tool: 'get_order', with: { id: '1042' }, fails: 'no such order' }] },
      { calls: [{ tool: 'get_order', with: { id: 'A-1042' }, returns: '{"city": "Lima"}' }] },
      { final: 'It is in Lima.' },
    ];
    expect(judged(early, { outcome: { status: 'passed' } }).found).toEqual([]);
    expect(judged(early).found).toEqual([]);
  });
});

describe('suspects: ranking', () => {
  const made = (outcome?: Run['outcome']) =>
    makeRun(
      [user, charge({ fails: 'declined' }), get, charge({ returns: 'ok' }), { final: 'ok' }],
      outcome === undefined ? {} : { outcome },
    ).run;
  const finding = (step: number, more: Partial<Finding> = {}): Finding => ({
    step,
    pointer: '/actions/0',
    message: `fault at ${step}`,
    evidence: [],
    confidence: 'certain',
    severity: 'error',
    ...more,
  });
  const verdict = (evaluator: string, ...findings: Finding[]): Verdict => ({
    evaluator,
    status: 'fail',
    score: 0,
    reason: 'r',
    findings,
  });

  it('adds up what several evaluators find at one step and names them, gravest first', () => {
    const [first, second] = suspects(made(), [
      verdict('action.args-invalid', finding(2)),
      verdict('action.args-ungrounded', finding(2, { message: 'invented' }), finding(3)),
    ]);
    expect(first).toMatchObject({
      step: 2,
      reason: 'invented',
      evaluators: ['action.args-ungrounded', 'action.args-invalid'],
    });
    expect(first?.score).toBeGreaterThan(second?.score ?? 1);
    expect(first?.score).toBeLessThanOrEqual(1);
  });

  it('prefers, of equal findings, the earlier one', () => {
    const found = suspects(made(), [verdict('action.args-ungrounded', finding(3), finding(2))]);
    expect(found.map(({ step }) => step)).toEqual([2, 3]);
  });

  it('puts an error that was repaired behind one that was not', () => {
    const found = suspects(made({ status: 'failed' }), [verdict('action.args-invalid', finding(1), finding(3))]);
    expect(found.map(({ step }) => step)).toEqual([3, 1]);
  });

  it('ignores information, verdicts without judgement, and rates', () => {
    expect(suspects(made(), [verdict('action.tool-timeout', finding(2, { severity: 'information' }))])).toEqual([]);
    expect(suspects(made(), [{ ...verdict('action.tool-timeout', finding(2)), status: 'na' }])).toEqual([]);
    expect(suspects(made(), [verdict('run.tool-success-rate', finding(2))])).toEqual([]);
  });

  it('shows weak findings only when the run went wrong', () => {
    const weak = [verdict('outcome.abnormal-end', finding(4, { severity: 'warning' }))];
    expect(suspects(made(), weak)).toEqual([]);
    expect(suspects(made({ status: 'failed' }), weak)).toMatchObject([{ step: 4 }]);
  });

  it('keeps rules that were certainly broken, and nothing else, of a run that passed', () => {
    const all = [
      verdict('safety.unapproved-irreversible', finding(3), finding(1, { confidence: 'likely' })),
      verdict('loop.repair-loop', finding(2)),
    ];
    expect(suspects(made({ status: 'passed' }), all).map(({ step }) => step)).toEqual([3]);
  });

  it('takes a wrong end state for the consequence of an earlier call that failed for good', () => {
    const wrongEnd = verdict('TaskCompletion', finding(4));
    const failedCall = verdict('action.tool-failed', finding(3));
    expect(suspects(made(), [wrongEnd]).map(({ step }) => step)).toEqual([4]);
    expect(suspects(made(), [wrongEnd, failedCall]).map(({ step }) => step)).toEqual([3, 4]);
  });

  it('does not add up what one evaluator says twice of a step', () => {
    const twice = verdict('TaskCompletion', finding(4), finding(4, { message: 'and another' }));
    expect(suspects(made(), [twice])).toEqual(suspects(made(), [verdict('TaskCompletion', finding(4))]));
  });

  it('counts once what a roll-up repeats', () => {
    const one = suspects(made(), [verdict('outcome.confident-failure', finding(4))]);
    const two = suspects(made(), [
      verdict('outcome.confident-failure', finding(4)),
      verdict('TaskCompletion', finding(4)),
    ]);
    expect(two).toEqual(one);
  });
});

describe('suspects: signs', () => {
  const team = (outcome?: Run['outcome']) =>
    makeRun(
      [
        { says: 'Plan', agent: 'a' },
        { says: 'Code', agent: 'b' },
        { calls: [{ tool: 'run', fails: 'no' }] },
        { says: 'End' },
      ],
      outcome === undefined ? {} : { outcome },
    ).run;
  const sign = (step: number, weight: number, more: Partial<SignedSign> = {}): SignedSign => ({
    signal: 'sign.some',
    step,
    weight,
    reason: `sign at ${step}`,
    ...more,
  });

  it('shows a strong sign as it is, and names the signal', () => {
    expect(suspects(team(), [], [sign(1, 0.6)])).toMatchObject([
      { step: 1, reason: 'sign at 1', evaluators: ['sign.some'] },
    ]);
  });

  it('shows a weak one only of a run that failed, and says that it is weak', () => {
    expect(suspects(team(), [], [sign(1, 0.2)])).toEqual([]);
    const [weak] = suspects(team({ status: 'failed' }), [], [sign(1, 0.2)]);
    expect(weak?.reason).toBe('Weak evidence, shown because the run failed: sign at 1');
  });

  it('explains nothing of a run that passed', () => {
    expect(suspects(team({ status: 'passed' }), [], [sign(1, 0.9)])).toEqual([]);
  });

  it('moves what shows in another step to its author, and does not count the failure twice', () => {
    const finding = (evaluator: string): Verdict => ({
      evaluator,
      status: 'fail',
      score: 0,
      reason: 'r',
      findings: [{ step: 2, pointer: '', message: 'm', evidence: [], confidence: 'certain', severity: 'error' }],
    });
    const author = sign(1, 0.5, { shownAt: 2 });
    const alone = suspects(team(), [], [author]);
    expect(suspects(team(), [finding('action.tool-failed')], [author])).toEqual(alone);
    const both = suspects(team(), [finding('action.tool-timeout')], [author]);
    expect(both.map(({ step }) => step)).toEqual([1]);
    expect(both[0]?.score).toBeGreaterThan(alone[0]?.score ?? 1);
  });

  it('believes less what came after the plan was dropped', () => {
    const dropped = sign(1, 0.2, { signal: 'sign.plan-dropped' });
    const late = suspects(team(), [], [sign(2, 0.6), dropped]);
    expect(late).toEqual([]);
    expect(suspects(team(), [], [sign(2, 0.6)]).map(({ step }) => step)).toEqual([2]);
  });

  it('copes with more failed calls and signs than a function takes arguments', () => {
    const many = Array.from({ length: 200_000 }, (_, i) => i);
    const failures: Finding[] = many.map((i) => ({
      step: i % 3,
      pointer: '',
      message: 'm',
      evidence: [],
      confidence: 'certain',
      severity: 'error',
    }));
    const verdict: Verdict = {
      evaluator: 'action.tool-failed',
      status: 'fail',
      score: 0,
      reason: 'r',
      findings: failures,
    };
    const steps = suspects(team(), [verdict]).map(({ step }) => step);
    expect(new Set(steps)).toEqual(new Set([0, 1, 2]));
    const found = new Signs(team(), [
      { ...offGoal, start: () => ({ step: () => undefined, finish: () => many.map((step) => sign(step, 0.1)) }) },
    ]).finish();
    expect(found).toHaveLength(many.length);
  });
});
