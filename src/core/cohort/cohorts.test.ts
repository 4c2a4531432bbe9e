import { describe, expect, it } from 'vitest';
import { makeRun } from '../../../test/support/makeRun.ts';
import type { EvaluatorPolicy, Policy } from '../evaluators/policy/policy.ts';
import type { Verdict, VerdictStatus } from '../evaluators/verdict.ts';
import type { Cohort } from './cohort.ts';
import { CohortBuilder } from './cohortBuilder.ts';
import { drift } from './drift.ts';
import { evalFailRate } from './evalFailRate.ts';
import { readCohort } from './readCohort.ts';
import { judgeCohort } from './registry.ts';
import type { RunMetrics } from './runMetrics.ts';

interface RunSketch {
  readonly model?: string;
  readonly status?: VerdictStatus;
  readonly faults?: number;
  readonly passed?: boolean;
  readonly metrics?: Partial<RunMetrics>;
}

const plain: RunMetrics = {
  steps: 4,
  actions: 2,
  knownOutcomes: 2,
  failedCalls: 0,
  repeatedActions: 0,
  comparedActions: 2,
  latencies: [],
};

function cohortOf(sketches: readonly RunSketch[], by: string[] = ['model']): Cohort {
  const builder = new CohortBuilder(by);
  sketches.forEach(({ model = 'small', status = 'pass', faults = 1, passed, metrics }, i) => {
    const { run } = makeRun([], {
      id: `run-${i}`,
      model,
      cohort: { task: String(i) },
      ...(passed !== undefined && { outcome: { status: passed ? 'passed' : 'failed' } }),
    });
    const findings = Array.from({ length: status === 'fail' ? faults : 0 }, (_, at) => ({
      step: at + 1,
      pointer: '/actions/0',
      message: 'It broke.',
      evidence: [],
      confidence: 'certain' as const,
      severity: 'error' as const,
    }));
    const verdict: Verdict = { evaluator: 'action.broke', status, score: null, reason: '', findings };
    const source = { file: `${model}.json`, format: 'atif' };
    builder.add({ run, source, metrics: { ...plain, ...metrics }, verdicts: [verdict] });
  });
  return builder.finish();
}

const many = (count: number, sketch: RunSketch): RunSketch[] => Array.from({ length: count }, () => sketch);
const context = {};
const ruling = (settings: EvaluatorPolicy): Policy => ({
  tools: {},
  evaluators: { 'cohort.eval-fail-rate': settings },
});

describe('CohortBuilder', () => {
  it('makes groups by keys, the largest first, and keeps a total', () => {
    const cohort = cohortOf([...many(2, { model: 'a' }), ...many(3, { model: 'b' })]);
    expect(cohort.groups.map(({ label, runs }) => [label, runs])).toEqual([
      ['model=b', 3],
      ['model=a', 2],
    ]);
    expect([cohort.total.runs, cohort.files]).toEqual([5, 2]);
    expect(cohortOf(many(2, {}), []).groups).toEqual([cohortOf(many(2, {}), []).total]);
  });

  it('adds up counts, and leaves out what nothing was recorded of', () => {
    const { metrics } = cohortOf([
      { metrics: { failedCalls: 1, repair: 'retry', tokens: 100 } },
      { metrics: { failedCalls: 1, tokens: 300 } },
      { metrics: { actions: 0, knownOutcomes: 0, comparedActions: 0 } },
    ]).total;
    expect(metrics).toEqual({
      repair: { count: 1, of: 2 },
      repairOfFailed: { count: 1, of: 2 },
      toolErrors: { count: 2, of: 4 },
      repeats: { count: 0, of: 4 },
      tokens: { mean: 200, runs: 2 },
    });
  });

  it('counts no run as judged that an evaluator had nothing to judge in', () => {
    const statuses: VerdictStatus[] = ['pass', 'warn', 'fail', 'na', 'error'];
    const [tally] = cohortOf(statuses.map((status) => ({ status }))).total.evaluators;
    expect(tally).toMatchObject({ failed: 1, passed: 2, warned: 1, notApplicable: 1, errors: 1 });
  });

  it('survives being kept as JSON', () => {
    const cohort = cohortOf(many(3, { status: 'fail' }));
    expect(readCohort(JSON.parse(JSON.stringify(cohort)))).toEqual(cohort);
    expect([{}, [], null, { version: 2, by: [] }, { version: 1, by: [], groups: [] }].map(readCohort)).toEqual(
      many(5, {}).map(() => undefined),
    );
  });
});

describe('cohort.eval-fail-rate', () => {
  it('warns over 5 % of 20 judged runs, and points at the run with the most against it', () => {
    const cohort = cohortOf([...many(18, {}), { status: 'fail' }, { status: 'fail', faults: 3 }, { status: 'na' }]);
    expect(evalFailRate.judge(cohort, context)).toMatchObject({
      status: 'warn',
      findings: [
        {
          group: 'model=small',
          severity: 'warning',
          actual: '10 %',
          message: 'action.broke failed 10 % (2 of 20 judged runs; 95 % interval 3–30 %).',
          place: { file: 'small.json', run: 'run-19', step: 1, pointer: '/actions/0' },
        },
      ],
    });
  });

  it('passes 5 %, and only informs of few runs', () => {
    expect(evalFailRate.judge(cohortOf([...many(19, {}), { status: 'fail' }]), context)).toMatchObject({
      status: 'pass',
      score: 1,
      findings: [],
    });
    expect(evalFailRate.judge(cohortOf([...many(4, {}), { status: 'fail' }]), context)).toMatchObject({
      status: 'na',
      score: null,
      findings: [{ severity: 'information' }],
    });
  });

  it('is not applicable to one run, or where nothing was judged; a policy sets the limit', () => {
    expect(evalFailRate.judge(cohortOf([{ status: 'fail' }]), context).status).toBe('na');
    expect(evalFailRate.judge(cohortOf(many(30, { status: 'na' })), context).status).toBe('na');
    const cohort = cohortOf([...many(18, {}), ...many(2, { status: 'fail' })]);
    expect(evalFailRate.judge(cohort, { policy: ruling({ threshold: 0.2 }) }).status).toBe('pass');
    expect(judgeCohort(cohort, { policy: ruling({ severity: 'off' }) })[0]).toMatchObject({
      status: 'na',
      findings: [],
    });
  });
});

describe('cohort.drift', () => {
  const good = cohortOf(many(40, { passed: true, metrics: { tokens: 1000, cost: 0.01, latencies: [10, 20, 30] } }));
  const against = (sketches: RunSketch[], baseline = good) => drift.judge(cohortOf(sketches), { ...context, baseline });
  const same = { passed: true, metrics: { tokens: 1000, cost: 0.01, latencies: [10, 20, 30] } };

  it('passes the same again, and is not applicable without a baseline or anything in common', () => {
    expect(against(many(30, same))).toMatchObject({ status: 'pass', score: 1, findings: [] });
    expect(drift.judge(good, context).status).toBe('na');
    const nothing = { metrics: { actions: 0, knownOutcomes: 0, comparedActions: 0 } };
    expect(against(many(3, nothing)).status).toBe('na');
  });

  it.each<[string, Partial<RunMetrics> & { passed?: boolean }, RegExp]>([
    ['cost', { cost: 0.03 }, /^The cost of a run went from \$0\.01 to \$0\.03, 3\.0 times as much\.$/],
    [
      'tool errors',
      { failedCalls: 1 },
      /^Tool-error rate rose from 0 % to 50 % \(30 of 60; 95 % interval 38–62 %\)\.$/,
    ],
    ['repairs', { repair: 'retry' }, /^Action repair rate rose from 0 % to 100 %/],
    ['repeats', { repeatedActions: 1 }, /^Repeated actions rose from 0 %/],
    ['latency', { latencies: [500, 600, 700, 800] }, /^p99 action latency rose from 30 ms to 800 ms \(n = 120;/],
  ])('warns of %s', (_, metrics, message) => {
    const verdict = against(many(30, { passed: true, metrics: { ...same.metrics, ...metrics } }));
    expect(verdict.status).toBe('warn');
    expect(verdict.findings.map((finding) => finding.message)).toEqual([expect.stringMatching(message)]);
  });

  it('compares tokens where a cost is not known in both', () => {
    const verdict = against(many(30, { passed: true, metrics: { tokens: 2500, latencies: [10] } }));
    expect(verdict.findings.map(({ message }) => message)).toEqual([
      'The tokens of a run went from 1,000 tokens to 2,500 tokens, 2.5 times as much.',
    ]);
  });

  it('warns of success that fell, and only informs against a small baseline', () => {
    const worse = [...many(15, same), ...many(15, { ...same, passed: false })];
    expect(against(worse).findings).toMatchObject([
      { severity: 'warning', message: 'pass^1 fell from 1.00 to 0.50 (30 tasks).' },
    ]);
    expect(against(worse, cohortOf(many(10, same))).findings).toMatchObject([{ severity: 'information' }]);
  });

  it('compares a group that the baseline does not have with all of it, and says so', () => {
    const verdict = against(many(30, { ...same, model: 'new', metrics: { ...same.metrics, cost: 1 } }));
    expect(verdict.findings[0]?.message).toMatch(/\(baseline: all runs\)\.$/);
    expect(judgeCohort(good, { ...context, baseline: good }).map(({ evaluator }) => evaluator)).toEqual([
      'cohort.eval-fail-rate',
      'cohort.drift',
    ]);
  });
});
