/** A share with its 95 % Wilson interval, all in [0, 1]; NaN when there is nothing to count. */
export function wilson(hits: number, all: number): { share: number; low: number; high: number } {
  if (all === 0) return { share: Number.NaN, low: Number.NaN, high: Number.NaN };
  const z = 1.96;
  const share = hits / all;
  const middle = (share + (z * z) / (2 * all)) / (1 + (z * z) / all);
  const half = (z * Math.sqrt((share * (1 - share)) / all + (z * z) / (4 * all * all))) / (1 + (z * z) / all);
  return { share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** `35.5 % of 31 (21–53)`: share, count and interval. */
export function shareText(hits: number, all: number): string {
  if (all === 0) return '–';
  const { share, low, high } = wilson(hits, all);
  return `${(share * 100).toFixed(1)} % of ${all} (${(low * 100).toFixed(0)}–${(high * 100).toFixed(0)})`;
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
