import { isObject, type Json } from '../util/json.ts';
import { jsonText } from '../util/jsonText.ts';

/** Equal as JSON: the order of members does not matter, 1 and 1.0 are the same. */
export function sameJson(a: Json, b: Json): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  return jsonText(a, Number.POSITIVE_INFINITY, true) === jsonText(b, Number.POSITIVE_INFINITY, true);
}

/** True when every member (or element) of `part` is in `whole`. */
export function containsJson(whole: Json, part: Json): boolean {
  if (Array.isArray(part)) {
    return Array.isArray(whole) && part.every((one) => whole.some((other) => containsJson(other, one)));
  }
  if (isObject(part)) {
    return Object.entries(part).every(([name, member]) => {
      const other = isObject(whole) && Object.hasOwn(whole, name) ? whole[name] : undefined;
      return other !== undefined && containsJson(other, member);
    });
  }
  return sameJson(whole, part);
}
