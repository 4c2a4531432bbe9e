import type { Json } from '../util/json.ts';
import { asDate } from './dates.ts';
import { type LeafKind, leafKindOf } from './leafKind.ts';
import { asAmount, combine } from './numbers.ts';
import { MOST_RECENT } from './recentNumbers.ts';
import { chunksOf } from './tokens.ts';
import type { IndexedText, Similar, ValueIndex } from './valueIndex.ts';

/** What an index knows of a value. No text was looked at again, so places are those of texts, without excerpts. */
export interface LookedUp {
  readonly leaf: LeafKind;
  /** As in `ArgumentOrigin.kind`. */
  readonly kind: 'direct' | 'derived' | 'authored' | 'trivial' | 'nowhere';
  readonly how?: string;
  /** Texts given to the agent that hold it (or its parts); else the agent's own text that first had it. */
  readonly places: readonly IndexedText[];
  /** What to look for at each place, where it is not the value itself: the numbers of a sum. */
  readonly operands?: readonly number[];
  readonly nearest?: Similar;
}

/** Numbers that arithmetic may use: more, and nearly every amount would be a sum of some three. */
const POOL = 40;
/** "The day after", "next week": how far a date may be from one that was given, in days. */
const DAYS = 7;

/** Where the value under a key came from, among all that stood before step `before`. */
export function lookUp(index: ValueIndex, key: string, value: Json, before: number): LookedUp {
  const leaf = leafKindOf(key, value);
  if (leaf === 'authored' || (leaf === 'trivial' && typeof value !== 'string' && typeof value !== 'number')) {
    return { leaf, kind: leaf, places: [] };
  }
  const found =
    leaf === 'date'
      ? ofDate(index, value, before)
      : leaf === 'number' || typeof value === 'number'
        ? ofNumber(index, value, before)
        : undefined;
  const answer = found ?? (typeof value === 'string' ? ofString(index, value, before) : undefined);
  if (answer !== undefined) return { leaf, ...answer };
  if (leaf === 'trivial') return { leaf, kind: 'trivial', places: [] };
  const nearest = nearestTo(index, leaf, value, before);
  return { leaf, kind: 'nowhere', places: ownPlaces(index, value, before), ...(nearest !== undefined && { nearest }) };
}

type Answer = Pick<LookedUp, 'kind' | 'how' | 'places' | 'operands'>;

function ofDate(index: ValueIndex, value: Json, before: number): Answer | undefined {
  const date = asDate(value);
  if (date === undefined) return undefined;
  const exact = index.date(date, before).given;
  if (exact !== undefined) return { kind: 'direct', places: [exact] };
  const noYear = index.dayOfYear(date, before).given;
  if (noYear !== undefined) return { kind: 'derived', how: 'with another year or a year added', places: [noYear] };
  const near = index.nearbyDay(date, DAYS, before);
  if (near === undefined) return undefined;
  const days = Math.abs(near.distance);
  const how = `${days} ${days === 1 ? 'day' : 'days'} ${near.distance > 0 ? 'after' : 'before'} a date that was given`;
  return { kind: 'derived', how, places: [near.text] };
}

function ofNumber(index: ValueIndex, value: Json, before: number): Answer | undefined {
  const amount = asAmount(value);
  if (amount === undefined) return undefined;
  const exact = index.number(amount, before).given;
  if (exact !== undefined) return { kind: 'direct', places: [exact] };
  const pool = index.recentNumbers(before, POOL);
  const made = combine(
    Math.abs(amount),
    pool.map((number) => number.value),
  );
  if (made === undefined) return undefined;
  const places = made.operands.flatMap((operand) => pool.find((number) => number.value === operand)?.text ?? []);
  return { kind: 'derived', how: made.how, places, operands: made.operands };
}

/** A value whose every part was given: as it stands (`direct`), or put together from pieces (`derived`). */
function ofText(index: ValueIndex, value: string, before: number): Answer | undefined {
  const parts = chunksOf(value);
  const places: IndexedText[] = [];
  let joined = false;
  let told = false;
  for (const part of parts) {
    const whole = index.token(part.hash, before).given;
    if (whole !== undefined) {
      places.push(whole);
      told = true;
      continue;
    }
    if (part.atoms.length === 1 && (part.atoms[0]?.length ?? 0) < 2) continue;
    joined = true;
    for (const atom of part.atoms) {
      if (atom.length < 2) continue;
      const seen = index.token(atom.hash, before).given;
      if (seen === undefined) return undefined;
      places.push(seen);
      told = true;
    }
    if (part.atoms.length === 1) return undefined;
  }
  if (!told) return undefined;
  const distinct = [...new Set(places)];
  if (joined) return { kind: 'derived', how: 'put together from parts', places: distinct };
  return { kind: 'direct', places: distinct };
}

function ofString(index: ValueIndex, value: string, before: number): Answer | undefined {
  return ofText(index, value, before) ?? decoded(index, value, before);
}

/** A value that hides a given one in another encoding. */
function decoded(index: ValueIndex, value: string, before: number): Answer | undefined {
  if (value.length > 4000) return undefined;
  for (const [how, decode] of DECODERS) {
    const plain = decode(value);
    if (plain === undefined || plain === value || plain.length < 3) continue;
    const found = ofText(index, plain, before);
    if (found !== undefined) return { kind: 'derived', how, places: found.places };
  }
  return undefined;
}

const DECODERS: readonly [string, (value: string) => string | undefined][] = [
  ['URL-encoded', (value) => (value.includes('%') ? attempt(() => decodeURIComponent(value)) : undefined)],
  ['JSON-escaped', (value) => (value.includes('\\') ? attempt(() => String(JSON.parse(`"${value}"`))) : undefined)],
  [
    'base64',
    (value) => {
      if (!/^[A-Za-z0-9+/_-]{8,}={0,2}$/.test(value)) return undefined;
      const plain = attempt(() => atob(value.replaceAll('-', '+').replaceAll('_', '/')));
      return plain !== undefined && /^[\x20-\x7e\s]+$/.test(plain) ? plain : undefined;
    },
  ],
];

function attempt(decode: () => string): string | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}

/** Where the agent itself first said it: said, but no ground. */
function ownPlaces(index: ValueIndex, value: Json, before: number): IndexedText[] {
  const amount = asAmount(value);
  const own = amount === undefined ? undefined : index.number(amount, before).own;
  if (own !== undefined) return [own];
  const parts = chunksOf(String(value)).map((part) => index.token(part.hash, before).own);
  return parts.length > 0 && parts.every((part) => part !== undefined) ? parts.slice(0, 1) : [];
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
