import type { CallLine } from './callLines.ts';

/**
 * `held`: all that the fixture expects is so. `regression`: something of it is not. `unjudged`: the test could not be run,
 * or ended without an answer.
 */
export type FixtureOutcome = 'held' | 'regression' | 'unjudged';

/** What came of one fixture. */
export interface FixtureResult {
  /** The fixture's file as links name it: relative, with `/`. */
  readonly path: string;
  readonly id: string;
  readonly title: string;
  readonly outcome: FixtureOutcome;
  /** What judged: a test runner, or a trace that was named. */
  readonly by: string;
  /** Of the runner's start that it was judged in, in ms, shared evenly among those that were judged in it. */
  readonly duration: number;
  /** What does not hold, one sentence each; of an unjudged one why. Empty when it holds. */
  readonly problems: readonly string[];
  /** What should have been done beside what was done. Empty where that is not known. */
  readonly calls: readonly CallLine[];
}

/** How many results have each outcome. */
export function countOutcomes(results: readonly Pick<FixtureResult, 'outcome'>[]): Record<FixtureOutcome, number> {
  const counts = { held: 0, regression: 0, unjudged: 0 };
  for (const { outcome } of results) counts[outcome]++;
  return counts;
}
