import { leafKindOf } from '../../provenance/leafKind.ts';
import { keyOf } from '../../provenance/originsOf.ts';
import { hashOfToken } from '../../provenance/tokens.ts';
import type { Action } from '../../trace/model.ts';
import type { Json } from '../../util/json.ts';
import { leavesOf } from '../../util/pointer.ts';

/** A value of a call's arguments that says what the call is aimed at. */
export interface TargetValue {
  readonly pointer: string;
  readonly text: string;
  readonly hash: number;
}

/**
 * The values of a call that name its target: identifiers, amounts, dates, addresses, paths; else its words. First the
 * values under a key that ends in `id`, as those name the target most plainly.
 */
export function targetsOf(action: Action): TargetValue[] {
  const strong: TargetValue[] = [];
  const words: TargetValue[] = [];
  for (const { pointer, value } of leavesOf(action.arguments)) {
    if (pointer === '') continue;
    const kind = leafKindOf(keyOf(pointer), value);
    if (kind === 'trivial' || kind === 'authored') continue;
    const target = targetValue(pointer, textOf(value));
    (kind === 'words' ? words : strong).push(target);
  }
  if (action.target?.element !== undefined) words.push(targetValue('', action.target.element));
  const targets = strong.length > 0 ? strong : words;
  return targets.sort((a, b) => Number(/id$/i.test(b.pointer)) - Number(/id$/i.test(a.pointer)));
}

function targetValue(pointer: string, text: string): TargetValue {
  return { pointer, text, hash: hashOfToken(text) };
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
