/** The nearest-rank percentile of numbers in any order: the smallest one that at least this share of them does not exceed. */
export function nearestRank(numbers: readonly number[], share: number): number | undefined {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
