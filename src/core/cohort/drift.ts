import { thresholdOf } from '../evaluators/policy/ruling.ts';
import { durationText, usd } from '../evaluators/shared/say.ts';
import { type Rate, wilson } from '../util/wilson.ts';
import type { Cohort, CohortFinding, Group, GroupMetrics } from './cohort.ts';
import type { CohortEvaluator } from './cohortEvaluator.ts';
import { percent, rateText } from './percent.ts';

const ID = 'cohort.drift';
const TIMES = 2;
/** A baseline of fewer than this is no more than a hint. */
const FEWEST = 20;

/** Rates, cost and latency of a cohort against those of an earlier one. */
export const drift: CohortEvaluator = {
  id: ID,
  title: 'Drift against a baseline',
  summary: 'Rates, cost, latency or success that are worse than in an earlier cohort.',
  level: 'cohort',
  severity: 'warning',
  needs: ['a baseline cohort'],
  definition:
    'Compares each group with the same group of a baseline (with all of its runs where it has no such group). Warns when ' +
    `the cost of a run is ${TIMES} times that of the baseline or more (its tokens, where no cost is known in one of the two), ` +
    'and when action repair rate, tool-error rate, repeated actions or user feedback are worse and the 95 % interval ' +
    'excludes the rate of the baseline. For the p99 action latency the interval is that of its rank, for pass^k that of ' +
    `the mean over tasks. A rate of fewer than ${FEWEST} in the baseline only informs.`,
  notApplicable: 'There is no baseline, or no metric is recorded in both.',
  falsePositives:
    'Calls of one run fail together, so that intervals over calls are narrower than they should be. Other tasks than in the baseline.',
  defaultThreshold: `cost ${TIMES} times the baseline; others when the interval excludes it`,
  threshold: 'how many times the cost of the baseline is too much',
  judge: (cohort, context) => {
    const { baseline } = context;
    if (baseline === undefined) return nothing('There is no baseline to compare with.');
    const times = thresholdOf(context.policy, ID, TIMES);
    const compared = cohort.groups.map((group) => {
      const before = baselineOf(group, baseline);
      return { group, before, checks: checksOf(group.metrics, before.metrics, times) };
    });
    const checks = compared.flatMap((one) => one.checks);
    if (checks.length === 0) return nothing('No metric is recorded both here and in the baseline.');
    const findings = compared.flatMap(({ group, before, checks: found }) =>
      found.flatMap(({ worse }): CohortFinding[] => {
        if (worse === undefined) return [];
        const against = before.label === group.label ? '' : ` (baseline: ${before.label})`;
        return [{ ...worse, group: group.label, message: `${worse.message}${against}.` }];
      }),
    );
    const warned = findings.filter(({ severity }) => severity === 'warning').length;
    const reason = `${warned} of ${checks.length} comparisons with the baseline ${warned === 1 ? 'is' : 'are'} worse.`;
    return { status: warned > 0 ? 'warn' : 'pass', score: 1 - warned / checks.length, reason, findings };
  },
};

function nothing(reason: string) {
  return { status: 'na', score: null, reason, findings: [] } as const;
}

function baselineOf({ label }: Group, baseline: Cohort): Group {
  return baseline.groups.find((group) => group.label === label) ?? baseline.total;
}

/** One comparison that was made, and what came of it. */
interface Check {
  readonly worse?: Omit<CohortFinding, 'group'>;
}

function checksOf(now: GroupMetrics, before: GroupMetrics, times: number): Check[] {
  return [
    ...rateCheck('Action repair rate', now.repair, before.repair),
    ...rateCheck('Tool-error rate', now.toolErrors, before.toolErrors),
    ...rateCheck('Repeated actions', now.repeats, before.repeats),
    ...rateCheck('Negative feedback', now.feedback, before.feedback),
    ...costCheck(now, before, times),
    ...latencyCheck(now.latency, before.latency),
    ...successCheck(now.passHat, before.passHat),
  ];
}

function rateCheck(name: string, now: Rate | undefined, before: Rate | undefined): Check[] {
  if (now === undefined || before === undefined) return [];
  const was = before.count / before.of;
  if (wilson(now).low <= was) return [{}];
  const few = before.of < FEWEST;
  const message = `${name} rose from ${percent(was)} to ${rateText(now)}${few ? `; the baseline is of ${before.of} only` : ''}`;
  const [expected, actual] = [percent(was), percent(now.count / now.of)];
  return [{ worse: { message, severity: few ? 'information' : 'warning', expected, actual } }];
}

function costCheck(now: GroupMetrics, before: GroupMetrics, times: number): Check[] {
  const known = now.cost !== undefined && before.cost !== undefined;
  const [is, was] = known ? [now.cost, before.cost] : [now.tokens, before.tokens];
  if (is === undefined || was === undefined || was.mean === 0) return [];
  if (is.mean < times * was.mean) return [{}];
  const text = known ? usd : (tokens: number) => `${Math.round(tokens).toLocaleString('en-US')} tokens`;
  const message = `${known ? 'The cost' : 'The tokens'} of a run went from ${text(was.mean)} to ${text(is.mean)}, ${(is.mean / was.mean).toFixed(1)} times as much`;
  return [
    { worse: { message, severity: 'warning', expected: `under ${text(times * was.mean)}`, actual: text(is.mean) } },
  ];
}

function latencyCheck(now: GroupMetrics['latency'], before: GroupMetrics['latency']): Check[] {
  if (now?.p99 === undefined || before?.p99 === undefined) return [];
  const was = before.p99.value;
  if (now.p99.low <= was) return [{}];
  const [expected, actual] = [durationText(was), durationText(now.p99.value)];
  const message = `p99 action latency rose from ${expected} to ${actual} (n = ${now.n}; at least ${durationText(now.p99.low)} with 95 % certainty)`;
  return [{ worse: { message, severity: 'warning', expected, actual } }];
}

function successCheck(now: GroupMetrics['passHat'], before: GroupMetrics['passHat']): Check[] {
  return (now ?? []).flatMap((is): Check[] => {
    const was = before?.find(({ k }) => k === is.k);
    if (was === undefined || is.error === undefined) return [];
    if (is.value + 1.96 * is.error >= was.value) return [{}];
    const few = is.tasks < FEWEST || was.tasks < FEWEST;
    const message = `pass^${is.k} fell from ${was.value.toFixed(2)} to ${is.value.toFixed(2)} (${is.tasks} tasks)`;
    const [expected, actual] = [was.value.toFixed(2), is.value.toFixed(2)];
    return [{ worse: { message, severity: few ? 'information' : 'warning', expected, actual } }];
  });
}
