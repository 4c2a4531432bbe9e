import { keyOf } from '../../provenance/argumentLeaves.ts';
import { leafKindOf } from '../../provenance/leafKind.ts';
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
 * values under keys like `order_id`, which name the target most plainly; last who acts and what pays.
 */
export function targetsOf(action: Action): readonly TargetValue[] {
  const known = targets.get(action);
  if (known !== undefined) return known;
  const found = targetsIn(action);
  targets.set(action, found);
  return found;
}

/** Several checks ask for the same targets; they go when their step does. */
const targets = new WeakMap<Action, readonly TargetValue[]>();

function targetsIn(action: Action): TargetValue[] {
  const strong: TargetValue[] = [];
  const words: TargetValue[] = [];
  for (const { pointer, value } of leavesOf(action.arguments)) {
    if (pointer === '') continue;
    const kind = leafKindOf(keyOf(pointer), value);
    if (kind === 'trivial' || kind === 'authored') continue;
    const target = targetValue(pointer, textOf(value));
    // `reservation_id: "HATHAT"` is an identifier by its key alone.
    (kind === 'words' && plainness(pointer) < 2 ? words : strong).push(target);
  }
  if (action.target?.element !== undefined) words.push(targetValue('', action.target.element));
  const found = strong.length > 0 ? strong : words;
  return found.sort((a, b) => plainness(b.pointer) - plainness(a.pointer));
}

/** 2 for an identifier of the thing itself, 1 for others, 0 for who acts and how they pay. */
function plainness(pointer: string): number {
  if (/(?:user|customer|account|session|payment|card|owner|actor)\w*$/i.test(pointer) || /payment/.test(pointer))
    return 0;
  return /(?:id|number|key|sku|isbn|iban|path|url|email|recipient|to)s?(?:\/\d+)?$/i.test(pointer) ? 2 : 1;
}

function targetValue(pointer: string, text: string): TargetValue {
  return { pointer, text, hash: hashOfToken(text) };
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
