import { canonicalJson } from '../../core/util/canonical.ts';
import { isObject, type Json } from '../../core/util/json.ts';
import { childrenOf } from './jsonRows.ts';

export interface StateChange {
  readonly pointer: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly before?: Json;
  readonly after?: Json;
}

/** What differs between two states, at the smallest places that differ. Elements of arrays are compared by position. */
export function stateChanges(before: Json, after: Json, pointer = ''): StateChange[] {
  if (canonicalJson(before) === canonicalJson(after)) return [];
  const bothObjects = isObject(before) && isObject(after);
  const bothArrays = Array.isArray(before) && Array.isArray(after);
  if (!bothObjects && !bothArrays) return [{ pointer, kind: 'changed', before, after }];
  const old = new Map(childrenOf(before, pointer).map((child) => [child.pointer, child.value]));
  const now = new Map(childrenOf(after, pointer).map((child) => [child.pointer, child.value]));
  const changes: StateChange[] = [];
  for (const [place, value] of old) {
    const other = now.get(place);
    if (other === undefined) changes.push({ pointer: place, kind: 'removed', before: value });
    else changes.push(...stateChanges(value, other, place));
  }
  for (const [place, value] of now) if (!old.has(place)) changes.push({ pointer: place, kind: 'added', after: value });
  return changes;
}
