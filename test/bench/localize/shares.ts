import { wilson } from '../../../src/core/util/wilson.ts';

/** `35.5 % of 31 (21–53)`: share, count and interval. */
export function shareText(hits: number, all: number): string {
  if (all === 0) return '–';
  const { low, high } = wilson({ count: hits, of: all });
  return `${((hits / all) * 100).toFixed(1)} % of ${all} (${(low * 100).toFixed(0)}–${(high * 100).toFixed(0)})`;
}

/**
 * The chance that a failed item scores above a good one, ties for half; NaN when one kind is missing. `pairs` counts
 * what was compared.
 */
export function areaUnderCurve(items: readonly { score: number; failed: boolean }[]): { area: number; pairs: number } {
  const bad = items.filter(({ failed }) => failed);
  const good = items.filter(({ failed }) => !failed);
  let won = 0;
  for (const { score } of bad) {
    for (const other of good) won += score > other.score ? 1 : score === other.score ? 0.5 : 0;
  }
  const pairs = bad.length * good.length;
  return { area: won / pairs, pairs };
}
