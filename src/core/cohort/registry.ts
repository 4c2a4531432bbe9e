import { isTurnedOff } from '../evaluators/policy/ruling.ts';
import type { Cohort, CohortVerdict } from './cohort.ts';
import type { CohortContext, CohortEvaluator } from './cohortEvaluator.ts';
import { drift } from './drift.ts';
import { evalFailRate } from './evalFailRate.ts';

/** Every check of many runs at once, in the order in which people read the verdicts. */
export const COHORT_EVALUATORS: readonly CohortEvaluator[] = [evalFailRate, drift];

/** What all of them say of a cohort; those that the policy turns off say only that. */
export function judgeCohort(cohort: Cohort, context: CohortContext): CohortVerdict[] {
  return COHORT_EVALUATORS.map((evaluator) => ({
    evaluator: evaluator.id,
    ...(isTurnedOff(context.policy, evaluator.id)
      ? { status: 'na', score: null, reason: 'Turned off by the policy.', findings: [] }
      : evaluator.judge(cohort, context)),
  }));
}
