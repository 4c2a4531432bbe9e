/**
 * Zeller's delta debugging: a part of `items` in their order for which `holds` is true, and of which no single item can be
 * left out any more. `holds` must be true of all of them. Ends early, with what it has, once `stop` is true.
 */
export function ddmin<T>(
  items: readonly T[],
  holds: (left: readonly T[]) => boolean,
  stop: () => boolean = () => false,
): readonly T[] {
  if (items.length === 0 || holds([])) return [];
  let left = items;
  let parts = 2;
  while (left.length > 1 && !stop()) {
    const chunks = chunksOf(left, parts);
    const rests = chunks.map((_chunk, i) => chunks.toSpliced(i, 1).flat());
    const chunk = chunks.find((one) => !stop() && holds(one));
    const rest = chunk === undefined ? rests.find((one) => !stop() && holds(one)) : undefined;
    if (chunk !== undefined) [left, parts] = [chunk, 2];
    else if (rest !== undefined) [left, parts] = [rest, Math.max(2, parts - 1)];
    else if (parts >= left.length) break;
    else parts = Math.min(left.length, parts * 2);
  }
  return left;
}

function chunksOf<T>(items: readonly T[], parts: number): T[][] {
  const bounds = Array.from({ length: parts + 1 }, (_one, i) => Math.round((i * items.length) / parts));
  return bounds.slice(1).map((end, i) => items.slice(bounds[i], end));
}
