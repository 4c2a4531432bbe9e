import type { Evaluator } from './evaluator.ts';

/** Every evaluator, in the order in which people read the verdicts. A new one is one file with its test, and one line here. */
export const EVALUATORS: readonly Evaluator[] = [];
