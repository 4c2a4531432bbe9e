/** Asked between tries: true ends the search. A promise gives others a turn. */
export type Stop = () => boolean | Promise<boolean>;

/**
 * Zeller's delta debugging: a part of `items` in their order for which `holds` is true, and of which no single item can be
 * left out any more. `holds` must be true of all of them. Ends early, with what it has, once `stop` is true.
 */
export async function ddmin<T>(
  items: readonly T[],
  holds: (left: readonly T[]) => boolean,
  stop: Stop = () => false,
): Promise<readonly T[]> {
  if (items.length === 0 || holds([])) return [];
  let left = items;
  let parts = 2;
  while (left.length > 1) {
    const chunks = chunksOf(left, parts);
    const rests = chunks.map((_chunk, i) => chunks.toSpliced(i, 1).flat());
    const found = await firstThatHolds([...chunks, ...rests], holds, stop);
    if (found === 'stopped') break;
    if (found !== undefined) {
      parts = chunks.some((chunk) => chunk === found) ? 2 : Math.max(2, parts - 1);
      left = found;
    } else if (parts >= left.length) break;
    else parts = Math.min(left.length, parts * 2);
  }
  return left;
}

async function firstThatHolds<T>(
  candidates: readonly T[][],
  holds: (left: readonly T[]) => boolean,
  stop: Stop,
): Promise<T[] | 'stopped' | undefined> {
  for (const candidate of candidates) {
    if (await stop()) return 'stopped';
    if (holds(candidate)) return candidate;
  }
  return undefined;
}

function chunksOf<T>(items: readonly T[], parts: number): T[][] {
  const bounds = Array.from({ length: parts + 1 }, (_one, i) => Math.round((i * items.length) / parts));
  return bounds.slice(1).map((end, i) => items.slice(bounds[i], end));
}
