import { type ComparedCall, likeness } from './call.ts';
import { type Anchor, commonRuns } from './commonRuns.ts';

/** One place of an alignment; `left` and `right` are positions in the two lists. */
export type Aligned =
  | { readonly kind: 'same' | 'changed'; readonly left: number; readonly right: number }
  | { readonly kind: 'left-only'; readonly left: number }
  | { readonly kind: 'right-only'; readonly right: number };

/**
 * Two lists of calls laid side by side: every call stands once, each list in its own order, with as many equal calls
 * facing one another as can be. Between these, calls of one tool with like arguments face one another; other
 * tools do when nothing better remains. Aligning the lists the other way round gives the same, mirrored.
 *
 * Takes time linear in the calls where the lists are alike, and never more than a fixed amount for each call.
 */
export function align(left: readonly ComparedCall[], right: readonly ComparedCall[]): Aligned[] {
  return inOrder(left, right) ? alignInOrder(left, right) : alignInOrder(right, left).map(mirrored);
}

/** What of an alignment differs first; undefined when all is the same. */
export function firstDivergence(aligned: readonly Aligned[]): Aligned | undefined {
  return aligned.find(({ kind }) => kind !== 'same');
}

function mirrored(place: Aligned): Aligned {
  switch (place.kind) {
    case 'left-only':
      return { kind: 'right-only', right: place.left };
    case 'right-only':
      return { kind: 'left-only', left: place.right };
    default:
      return { kind: place.kind, left: place.right, right: place.left };
  }
}

/** An order of lists, so that the same two are always aligned the same way round. */
function inOrder(left: readonly ComparedCall[], right: readonly ComparedCall[]): boolean {
  if (left.length !== right.length) return left.length < right.length;
  const at = left.findIndex((call, i) => call.key !== right[i]?.key);
  return at < 0 || (left[at]?.key ?? '') < (right[at]?.key ?? '');
}

function alignInOrder(left: readonly ComparedCall[], right: readonly ComparedCall[]): Aligned[] {
  const anchors = commonRuns(
    left.map(({ key }) => key),
    right.map(({ key }) => key),
  );
  const aligned: Aligned[] = [];
  let from: Anchor = [0, 0];
  for (const [a, b] of [...anchors, [left.length, right.length] as const]) {
    for (const block of sliced(from, [a, b])) fillBlock(left, right, block, aligned);
    if (a < left.length && b < right.length) aligned.push({ kind: 'same', left: a, right: b });
    from = [a + 1, b + 1];
  }
  return aligned;
}

interface Block {
  readonly from: Anchor;
  readonly to: Anchor;
}

/** Calls of one side that are compared with one another at most: what is longer is cut into even slices. */
const LONGEST_BLOCK = 400;

function sliced(from: Anchor, to: Anchor): Block[] {
  const [n, m] = [to[0] - from[0], to[1] - from[1]];
  if (n === 0 && m === 0) return [];
  const slices = n === 0 || m === 0 ? 1 : Math.ceil(Math.max(n, m) / LONGEST_BLOCK);
  const cut = (i: number): Anchor => [from[0] + Math.floor((n * i) / slices), from[1] + Math.floor((m * i) / slices)];
  return Array.from({ length: slices }, (_, i) => ({ from: cut(i), to: cut(i + 1) }));
}

/** What it costs to leave a call alone; two calls that face one another cost less than both alone. */
const ALONE = 0.5;
const OTHER_TOOL = 0.98;
const SAME_TOOL = 0.6;

function costOf(left: ComparedCall, right: ComparedCall): number {
  return left.tool === right.tool ? SAME_TOOL * (1 - likeness(left, right)) : OTHER_TOOL;
}

/** Which way a cell of the table is best come to. */
const PAIR = 0;
const LEFT = 1;
const RIGHT = 2;

/** Needleman and Wunsch's alignment of a stretch between two anchors. */
function fillBlock(
  left: readonly ComparedCall[],
  right: readonly ComparedCall[],
  { from, to }: Block,
  aligned: Aligned[],
): void {
  const [n, m] = [to[0] - from[0], to[1] - from[1]];
  const moves = movesOf(left.slice(from[0], to[0]), right.slice(from[1], to[1]));
  const found: Aligned[] = [];
  let [i, j] = [n, m];
  while (i > 0 || j > 0) {
    const move = i === 0 ? RIGHT : j === 0 ? LEFT : moves[i * (m + 1) + j];
    if (move !== RIGHT) i--;
    if (move !== LEFT) j--;
    const [a, b] = [from[0] + i, from[1] + j];
    if (move === LEFT) found.push({ kind: 'left-only', left: a });
    else if (move === RIGHT) found.push({ kind: 'right-only', right: b });
    else found.push({ kind: left[a]?.key === right[b]?.key ? 'same' : 'changed', left: a, right: b });
  }
  for (let at = found.length - 1; at >= 0; at--) aligned.push(found[at] as Aligned);
}

function movesOf(left: readonly ComparedCall[], right: readonly ComparedCall[]): Uint8Array {
  const width = right.length + 1;
  if (left.length === 0 || right.length === 0) return new Uint8Array();
  const moves = new Uint8Array((left.length + 1) * width);
  let above = Float64Array.from({ length: width }, (_, j) => j * ALONE);
  for (const [i, one] of left.entries()) {
    const row = new Float64Array(width);
    row[0] = (i + 1) * ALONE;
    for (const [j, other] of right.entries()) {
      const paired = (above[j] ?? 0) + costOf(one, other);
      const leftAlone = (above[j + 1] ?? 0) + ALONE;
      const rightAlone = (row[j] ?? 0) + ALONE;
      const best = Math.min(paired, leftAlone, rightAlone);
      row[j + 1] = best;
      moves[(i + 1) * width + j + 1] = best === paired ? PAIR : best === leftAlone ? LEFT : RIGHT;
    }
    above = row;
  }
  return moves;
}
