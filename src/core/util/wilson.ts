/** A share of things: `count` of `of`. */
export interface Rate {
  readonly count: number;
  readonly of: number;
}

/** Where the true share lies, both in [0, 1]. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The normal quantile of a two-sided 95 % interval. */
const Z = 1.959964;

/** Wilson's score interval of a share, at 95 % (E. B. Wilson, 1927); of nothing it is everything. */
export function wilson({ count, of }: Rate): Interval {
  if (of === 0) return { low: 0, high: 1 };
  const share = count / of;
  const z2 = Z * Z;
  const middle = (share + z2 / (2 * of)) / (1 + z2 / of);
  const half = (Z / (1 + z2 / of)) * Math.sqrt((share * (1 - share)) / of + z2 / (4 * of * of));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
