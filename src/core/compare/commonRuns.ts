/** A pair of places, one in each list, whose elements are equal. */
export type Anchor = readonly [left: number, right: number];

/**
 * More insertions and deletions than this are not searched for one by one: memory grows with the square of their number.
 * Then only elements that are the only one of their kind in both lists are anchors.
 */
const MOST_EDITS = 1500;

/**
 * A longest common subsequence of two lists, as the pairs of equal elements, in order. Myers' algorithm (An O(ND)
 * Difference Algorithm, 1986): linear where the lists are alike.
 */
export function commonRuns(left: readonly string[], right: readonly string[]): Anchor[] {
  let start = 0;
  const shorter = Math.min(left.length, right.length);
  while (start < shorter && left[start] === right[start]) start++;
  let tail = 0;
  while (tail < shorter - start && left[left.length - 1 - tail] === right[right.length - 1 - tail]) tail++;
  const middleLeft = left.slice(start, left.length - tail);
  const middleRight = right.slice(start, right.length - tail);
  const middle = shortestEdit(middleLeft, middleRight) ?? onlyOnes(middleLeft, middleRight);
  return [
    ...Array.from({ length: start }, (_, i): Anchor => [i, i]),
    ...middle.map(([a, b]): Anchor => [a + start, b + start]),
    ...Array.from({ length: tail }, (_, i): Anchor => [left.length - tail + i, right.length - tail + i]),
  ];
}

/** The pairs on the shortest way from one list to the other; undefined when it has too many edits. */
function shortestEdit(left: readonly string[], right: readonly string[]): Anchor[] | undefined {
  const [n, m] = [left.length, right.length];
  if (n === 0 || m === 0) return [];
  const most = Math.min(n + m, MOST_EDITS);
  // `reach[k + most]` is how far in `left` the diagonal k has come; one copy for each number of edits leads back.
  const reach = new Int32Array(2 * most + 2);
  const history: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits++) {
    history.push(reach.slice(most - edits, most + edits + 2));
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && (reach[k - 1 + most] ?? 0) < (reach[k + 1 + most] ?? 0));
      let x = down ? (reach[k + 1 + most] ?? 0) : (reach[k - 1 + most] ?? 0) + 1;
      while (x < n && x - k < m && left[x] === right[x - k]) x++;
      reach[k + most] = x;
      if (x >= n && x - k >= m) return wayBack(history, n, m);
    }
  }
  return undefined;
}

function wayBack(history: readonly Int32Array[], n: number, m: number): Anchor[] {
  const pairs: Anchor[] = [];
  let [x, y] = [n, m];
  for (let edits = history.length - 1; edits >= 0; edits--) {
    const reach = history[edits] ?? new Int32Array();
    const k = x - y;
    const at = (diagonal: number) => reach[diagonal + edits] ?? 0;
    const down = k === -edits || (k !== edits && at(k - 1) < at(k + 1));
    const before = edits === 0 ? 0 : down ? k + 1 : k - 1;
    const fromX = edits === 0 ? 0 : at(before);
    const fromY = edits === 0 ? 0 : fromX - before;
    while (x > fromX && y > fromY && x > 0 && y > 0) pairs.push([--x, --y]);
    [x, y] = [fromX, fromY];
  }
  return pairs.reverse();
}

/** The longest rising chain of elements that occur once in each list (as in patience diff). */
function onlyOnes(left: readonly string[], right: readonly string[]): Anchor[] {
  const [inLeft, inRight] = [placesOfOnes(left), placesOfOnes(right)];
  const pairs: Anchor[] = [...inLeft].flatMap(([key, a]) => {
    const b = inRight.get(key);
    return b === undefined ? [] : [[a, b] as const];
  });
  // `ends[i]` is the pair that ends the best chain of i + 1 pairs; `before` leads back from a pair to the one it follows.
  const ends: Anchor[] = [];
  const before = new Map<Anchor, Anchor | undefined>();
  for (const pair of pairs) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle]?.[1] ?? 0) < pair[1]) low = middle + 1;
      else high = middle;
    }
    before.set(pair, ends[low - 1]);
    ends[low] = pair;
  }
  const chain: Anchor[] = [];
  let pair: Anchor | undefined = ends.at(-1);
  while (pair !== undefined) {
    chain.push(pair);
    pair = before.get(pair);
  }
  return chain.reverse();
}

function placesOfOnes(keys: readonly string[]): Map<string, number> {
  const places = new Map<string, number>();
  const more = new Set<string>();
  keys.forEach((key, i) => {
    if (places.has(key)) more.add(key);
    else places.set(key, i);
  });
  for (const key of more) places.delete(key);
  return places;
}
