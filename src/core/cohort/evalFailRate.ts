import { thresholdOf } from '../evaluators/policy/ruling.ts';
import { wilson } from '../util/wilson.ts';
import type { Cohort, CohortFinding, Group, Tally } from './cohort.ts';
import type { CohortEvaluator } from './cohortEvaluator.ts';
import { percent, rateText } from './percent.ts';

const ID = 'cohort.eval-fail-rate';
const LIMIT = 0.05;
const FEWEST = 20;

/** How many runs of a group each evaluator failed, of those that it could judge. */
export const evalFailRate: CohortEvaluator = {
  id: ID,
  title: 'Eval fail rate by cohort',
  summary: 'Evaluators that fail too many runs of one model, agent, prompt or tool version.',
  level: 'cohort',
  severity: 'warning',
  needs: ['at least two runs'],
  definition:
    'For each group of runs and each evaluator: the runs that it failed, of those that it failed or passed (with a warning ' +
    'or without), with the 95 % Wilson interval. Runs for which it was not applicable, or failed itself, do not count. ' +
    `Warns when more than ${percent(LIMIT)} fail of at least ${FEWEST} judged runs; with fewer it only informs. Points at ` +
    'the step of the run that has the most against it.',
  notApplicable: `No evaluator could judge ${FEWEST} runs of a group.`,
  falsePositives: 'Groups that had harder tasks; evaluators whose own false positives are more than the limit.',
  defaultThreshold: `${percent(LIMIT)}, of at least ${FEWEST} judged runs`,
  threshold: 'the highest share of failed runs that is right',
  judge: (cohort, context) => {
    if (cohort.total.runs < 2) return nothing('A rate needs at least two runs.');
    const limit = thresholdOf(context.policy, ID, LIMIT);
    const judged = cohort.groups
      .flatMap((group) => group.evaluators.map((tally) => ({ group, tally })))
      .filter(wasJudged);
    if (judged.length === 0) return nothing('No evaluator could judge any of the runs.');
    const findings = judged.flatMap(({ group, tally }) => findingOf(group, tally, limit)).sort(byWeight);
    const over = findings.filter(({ severity }) => severity === 'warning').length;
    const enough = judged.filter(({ tally }) => judgedRuns(tally) >= FEWEST).length;
    if (enough === 0) {
      const reason = `No evaluator judged ${FEWEST} runs of a group or more, so no rate is held to ${percent(limit)}.`;
      return { status: 'na', score: null, reason, findings };
    }
    const reason = `${over} of ${enough} rates ${over === 1 ? 'is' : 'are'} over ${percent(limit)}${nameOf(cohort)}.`;
    return { status: over > 0 ? 'warn' : 'pass', score: 1 - over / enough, reason, findings };
  },
};

function nothing(reason: string) {
  return { status: 'na', score: null, reason, findings: [] } as const;
}

function nameOf({ by }: Cohort): string {
  return by.length === 0 ? '' : `, by ${by.join(' and ')}`;
}

function judgedRuns({ failed, passed }: Tally): number {
  return failed + passed;
}

function wasJudged({ tally }: { tally: Tally }): boolean {
  return judgedRuns(tally) > 0;
}

function findingOf(group: Group, tally: Tally, limit: number): CohortFinding[] {
  const rate = { count: tally.failed, of: judgedRuns(tally) };
  if (rate.count / rate.of <= limit) return [];
  const enough = rate.of >= FEWEST;
  return [
    {
      group: group.label,
      message: `${tally.evaluator} failed ${rateText(rate, 'judged runs')}${enough ? '' : `; too few to be held to ${percent(limit)}`}.`,
      severity: enough ? 'warning' : 'information',
      expected: `at most ${percent(limit)}`,
      actual: percent(rate.count / rate.of),
      ...(tally.worst !== undefined && { place: tally.worst }),
    },
  ];
}

/** Warnings first; of each kind, in the order in which they were found. */
function byWeight(a: CohortFinding, b: CohortFinding): number {
  return Number(b.severity === 'warning') - Number(a.severity === 'warning');
}

/** For whoever shows a tally: its rate with where the true one lies. */
export function tallyRate(tally: Tally) {
  const rate = { count: tally.failed, of: judgedRuns(tally) };
  return { ...rate, ...wilson(rate) };
}
