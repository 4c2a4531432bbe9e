import type { EvaluatorDescription } from '../evaluators/evaluator.ts';
import type { Policy } from '../evaluators/policy/policy.ts';
import type { Cohort, CohortVerdict } from './cohort.ts';

/** What a cohort is judged with. */
export interface CohortContext {
  /** An earlier cohort to compare with. */
  readonly baseline?: Cohort;
  readonly policy?: Policy;
}

/** A check of many runs at once. A new one is one file with its test, and one line in `registry.ts`. */
export interface CohortEvaluator extends EvaluatorDescription {
  readonly level: 'cohort';
  judge(cohort: Cohort, context: CohortContext): Omit<CohortVerdict, 'evaluator'>;
}
