import type { Json } from '../util/json.ts';
import type { Asked, Parent } from './derivations/derivation.ts';
import { DERIVATIONS } from './derivations/derivations.ts';
import { type LeafKind, leafKindOf } from './leafKind.ts';
import { asAmount } from './numbers.ts';
import { MOST_RECENT } from './recentNumbers.ts';
import { chunksOf } from './tokens.ts';
import type { IndexedText, Similar, ValueIndex } from './valueIndex.ts';

/** The value of an argument, and what is known of where it stands. */
export interface ArgumentValue {
  /** The name of the member that it stands under; for elements of a list, of the list. */
  readonly key: string;
  readonly value: Json;
  readonly tool?: string;
  /** Its place among the arguments, as parts of a JSON pointer. */
  readonly path?: readonly string[];
}

/** What an index knows of a value. No text was looked at again, so parents are whole texts. */
export interface LookedUp {
  readonly leaf: LeafKind;
  /** As in `ArgumentOrigin.kind`; `direct` for any spelling. */
  readonly kind: 'direct' | 'derived' | 'authored' | 'trivial' | 'nowhere';
  /** Which derivation grounds it. */
  readonly derivation?: string;
  /** Ends "derived: …", where the value itself does not stand in the parents. */
  readonly how?: string;
  /** Texts given to the agent that hold it, or what it was made of. */
  readonly parents: readonly Parent[];
  /** Where the agent itself was the first to say it: said, but no ground. */
  readonly own?: IndexedText;
  readonly nearest?: Similar;
}

/** Where a value came from, among all that stood before step `before`. */
export function lookUp(index: ValueIndex, argument: ArgumentValue, before: number): LookedUp {
  const { key, value, tool, path } = argument;
  const leaf = leafKindOf(key, value);
  if (leaf === 'authored' || (typeof value === 'object' && value !== null)) {
    return { leaf, kind: leaf === 'authored' ? leaf : 'trivial', parents: [] };
  }
  const asked: Asked = { index, value, leaf, before, tool, path };
  for (const { id, grounds } of DERIVATIONS) {
    const found = leaf === 'trivial' && !TELLS_OF_TRIVIAL.has(id) ? undefined : grounds?.(asked);
    if (found === undefined) continue;
    const { how, parents } = found;
    return how === undefined
      ? { leaf, kind: 'direct', derivation: id, parents }
      : { leaf, kind: 'derived', derivation: id, how, parents };
  }
  if (leaf === 'trivial') return { leaf, kind: 'trivial', parents: [] };
  // A phrase that names no thing is the model's own, as longer texts are.
  if (leaf === 'words' && String(value).trim().split(/\s+/).length >= PHRASE)
    return { leaf, kind: 'authored', parents: [] };
  const own = ownPlace(index, value, before);
  const nearest = nearestTo(index, leaf, value, before);
  return {
    leaf,
    kind: 'nowhere',
    parents: [],
    ...(own !== undefined && { own }),
    ...(nearest !== undefined && { nearest }),
  };
}

/** So many words make a phrase. */
const PHRASE = 4;

/** What is so short or common that it could be made of anything: short words may still stand somewhere as they are. */
const TELLS_OF_TRIVIAL: ReadonlySet<string> = new Set(['as-it-stands', 'schema']);

/** Where the agent itself first said it. */
function ownPlace(index: ValueIndex, value: Json, before: number): IndexedText | undefined {
  const amount = asAmount(value);
  const own = amount === undefined ? undefined : index.number(amount, before).own;
  if (own !== undefined) return own;
  const parts = chunksOf(String(value)).map((part) => index.token(part.hash, before).own);
  return parts.every((part) => part !== undefined) ? parts[0] : undefined;
}

/** The earlier value that is most like it: of the same shape by fewest changed characters, or the closest number. */
function nearestTo(index: ValueIndex, leaf: LeafKind, value: Json, before: number): Similar | undefined {
  if (leaf === 'number') {
    const amount = asAmount(value) ?? 0;
    const pool = index.recentNumbers(before, MOST_RECENT);
    let best: (typeof pool)[number] | undefined;
    for (const number of pool) {
      if (best === undefined || Math.abs(number.value - amount) < Math.abs(best.value - amount)) best = number;
    }
    return best === undefined ? undefined : { value: String(best.value), text: best.text };
  }
  if (typeof value !== 'string' || value.length > 80) return undefined;
  let best: Similar | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const similar of index.sameShape(value, before)) {
    const changed = distance(similar.value, value);
    if (changed <= fewest) {
      best = similar;
      fewest = changed;
    }
  }
  return best;
}

/** Characters that differ, place by place; texts of one shape are of one length. */
function distance(a: string, b: string): number {
  const [left, right] = [a.replace(/\W/g, '').toLowerCase(), b.replace(/\W/g, '').toLowerCase()];
  let changed = Math.abs(left.length - right.length);
  for (let i = 0; i < Math.min(left.length, right.length); i++) if (left[i] !== right[i]) changed++;
  return changed;
}
