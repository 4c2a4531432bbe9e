import { nearestRank } from '../evaluators/shared/percentile.ts';

/** How long actions took, in ms. */
export interface Latency {
  /** Actions with a duration. */
  readonly n: number;
  readonly slowest: number;
  /** Nearest rank, with the interval that holds the true percentile at 95 %; absent below 100 actions. */
  readonly p99?: { readonly value: number; readonly low: number; readonly high: number };
}

const FEWEST = 100;
const SHARE = 0.99;

/** The slowest action and, of at least 100, the 99th percentile; undefined when no duration is known. */
export function latencyOf(durations: readonly number[]): Latency | undefined {
  const sorted = [...durations].sort((a, b) => a - b);
  const [n, slowest] = [sorted.length, sorted.at(-1)];
  const value = nearestRank(sorted, SHARE);
  if (slowest === undefined || value === undefined) return undefined;
  if (n < FEWEST) return { n, slowest };
  // How many of n actions lie below the true percentile is binomial; its spread tells which ranks may hold it.
  const spread = 1.96 * Math.sqrt(n * SHARE * (1 - SHARE));
  const at = (rank: number) => sorted[Math.min(n, Math.max(1, Math.round(rank))) - 1] ?? slowest;
  return { n, slowest, p99: { value, low: at(n * SHARE - spread), high: at(n * SHARE + spread + 1) } };
}
