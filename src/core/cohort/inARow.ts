import { type Interval, wilson } from '../util/wilson.ts';
import { passHats } from './taskSuccess.ts';

/** How likely k runs in a row all hold, with where that lies at 95 %; all in [0, 1]. */
export interface InARow extends Interval {
  readonly k: number;
  readonly value: number;
}

/**
 * pass^k of one task for each k up to the number of trials (at most 8). The interval is that of a single run (Wilson),
 * raised to the k: runs of a sample are made independently.
 */
export function inARow(passed: number, trials: number): InARow[] {
  const { low, high } = wilson({ count: passed, of: trials });
  return passHats([{ passed, trials }]).map(({ k, value }) => ({ k, value, low: low ** k, high: high ** k }));
}
