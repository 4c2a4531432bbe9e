import type { Action } from '../trace/model.ts';
import { leavesOf, pointerParts } from '../util/pointer.ts';
import type { ArgumentValue } from './lookUp.ts';

/** A leaf of the arguments of a call. */
export interface ArgumentLeaf extends ArgumentValue {
  /** JSON pointer into the step. */
  readonly pointer: string;
  readonly path: readonly string[];
}

/** The leaves of a call's arguments, in document order. `number` is the action's in its step. */
export function* argumentLeaves(action: Action, number: number): Generator<ArgumentLeaf> {
  const base = `/actions/${number}/arguments`;
  for (const { pointer, value } of leavesOf(action.arguments, base)) {
    if (pointer === base) continue;
    const path = pointerParts(pointer.slice(base.length));
    yield { pointer, path, key: nameIn(path), value, tool: action.tool };
  }
}

/** The member name that a leaf stands under; for elements of a list, the list's. */
export function keyOf(pointer: string): string {
  return nameIn(pointerParts(pointer));
}

function nameIn(path: readonly string[]): string {
  return path.findLast((part) => !/^\d+$/.test(part)) ?? '';
}
