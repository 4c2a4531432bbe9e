import type { Step } from '../trace/model.ts';
import { stringsOf } from '../trace/stepText.ts';
import type { Json } from '../util/json.ts';
import { NumberList } from '../util/numberList.ts';
import { ownText } from '../util/ownText.ts';
import { argumentLeaves } from './argumentLeaves.ts';
import { type CalendarDay, datesAt } from './dates.ts';
import { JsonPlaces } from './jsonPlace.ts';
import { type LookedUp, lookUp } from './lookUp.ts';
import { asAmount, numberAt } from './numbers.ts';
import type { ForwardUse, LaterUse } from './origin.ts';
import { isUnder, placeOf } from './places.ts';
import { findSought, type Sought } from './sought.ts';
import { spelled } from './spelled.ts';
import type { IndexedText } from './textPlaces.ts';
import { chunksOf, hashOfDate, hashOfNumber, scanTokens } from './tokens.ts';
import type { ValueIndex } from './valueIndex.ts';

/** Uses that are remembered of a run, 12 bytes each; later ones are not known. */
const MOST_USES = 300_000;
/** Different values that are remembered, about 30 MB of them at most; later ones are not known. */
const MOST_VALUES = 100_000;
/** Longer values are texts, which nobody follows. */
const LONGEST = 200;
/** Uses of one value that are listed, and values of one step. */
const MOST_LISTED = 50;
const MOST_PLACES = 300;
/** Characters of a step that are looked through for its values: the beginning of each text. */
const MOST_READ = 1_000_000;

/** A thing that arguments took: what stands in the text that it came from. */
interface Taken {
  readonly sought: Sought;
  /** The argument's value, where it is written as it was taken. */
  readonly value: Json;
  readonly derivation?: string;
  readonly how?: string;
  /** What a sum or a join took stands all over a run: only the text that the origin names counts. */
  readonly at?: IndexedText;
  /** The first of its uses in the lists, and the last. */
  first: number;
  last: number;
}

const NONE = 0xffffffff;
/** Of what a value was put together from, as many pieces as are shown of it. */
const MOST_PARENTS = 3;

/**
 * Which later arguments took the values of a step. Built once as steps stream past, with the index that knows where each
 * argument came from; kept by what stands in the texts, so that a step's own texts, read once, find all their uses.
 */
export class UseIndex {
  private readonly byHash = new Map<number, Taken[]>();
  /** What counts at one place only, by its step: the same folder is joined with another file in every other step. */
  private readonly byStep = new Map<number, Taken[]>();
  private readonly known = new Map<string, Taken>();
  private readonly steps = new NumberList((length) => new Uint32Array(length));
  private readonly pointers = new NumberList((length) => new Uint32Array(length));
  private readonly nexts = new NumberList((length) => new Uint32Array(length));
  private readonly pointerNumbers = new Map<string, number>();
  private readonly pointerNames: string[] = [];

  constructor(private readonly values: ValueIndex) {}

  /** True when memory's bound was reached and later uses are not known. */
  get full(): boolean {
    return this.steps.length >= MOST_USES || this.known.size >= MOST_VALUES;
  }

  /** Adds the arguments of a step; the index of values must have been given all steps before. Steps come in order. */
  add(step: Step): void {
    for (const [i, action] of step.actions.entries()) {
      for (const leaf of argumentLeaves(action, i)) {
        if (this.full) return;
        const { value, pointer } = leaf;
        if (typeof value !== 'number' && (typeof value !== 'string' || value.length > LONGEST)) continue;
        const found = lookUp(this.values, leaf, step.index);
        if (found.kind === 'authored' || found.kind === 'trivial' || found.leaf === 'trivial') continue;
        for (const taken of takenOf(value, found)) this.use(taken, step.index, pointer);
      }
    }
  }

  /** The values of a step's observations and arguments (and of what was said to the agent) that later steps took. */
  usesOf(step: Step): ForwardUse[] {
    const found: ForwardUse[] = [];
    for (const { pointer, text } of stringsOf(step)) {
      const role = roleAt(pointer, step);
      if (role === undefined || found.length >= MOST_PLACES) continue;
      const words = text.slice(0, MOST_READ);
      const json = new JsonPlaces(text);
      const later = new Map<string, { taken: Taken; quote: string; range: { start: number; end: number } }[]>();
      for (const taken of [...this.candidatesIn(words), ...(this.byStep.get(step.index) ?? [])]) {
        if (this.stepOfLast(taken) <= step.index || (taken.at !== undefined && !isUnder(pointer, taken.at.pointer)))
          continue;
        const range = findSought(words, taken.sought);
        if (range === undefined) continue;
        const key = `${range.start} ${range.end}`;
        const same = later.get(key) ?? [];
        same.push({ taken, quote: words.slice(range.start, range.end), range });
        later.set(key, same);
      }
      for (const same of later.values()) {
        const [first] = same;
        if (first === undefined) continue;
        const uses = same.flatMap(({ taken, quote }) => this.usesAfter(step.index, taken, quote));
        uses.sort((a, b) => a.step - b.step);
        if (uses.length === 0) continue;
        const place = placeOf({ step: step.index, pointer, role }, text, first.range, json);
        const usedBy = uses.slice(0, MOST_LISTED);
        found.push({ place, value: first.quote, usedBy, more: uses.length - usedBy.length });
      }
    }
    return found;
  }

  private use(taken: Omit<Taken, 'first' | 'last'>, step: number, pointer: string): void {
    const { sought, value, derivation, at } = taken;
    const key = JSON.stringify([sought, value, derivation, at]);
    let entry = this.known.get(key);
    if (entry === undefined) {
      const place = at?.step ?? hashOf(sought);
      if (place === undefined) return;
      entry = { ...taken, first: NONE, last: NONE };
      this.known.set(key, entry);
      const map = at === undefined ? this.byHash : this.byStep;
      const others = map.get(place);
      if (others === undefined) map.set(place, [entry]);
      else others.push(entry);
    }
    const number = this.steps.length;
    this.steps.push(step);
    this.pointers.push(this.pointerNumber(pointer));
    this.nexts.push(NONE);
    if (entry.last === NONE) entry.first = number;
    else this.nexts.set(entry.last, number);
    entry.last = number;
  }

  private pointerNumber(pointer: string): number {
    const known = this.pointerNumbers.get(pointer);
    if (known !== undefined) return known;
    const number = this.pointerNames.length;
    this.pointerNames.push(pointer);
    this.pointerNumbers.set(pointer, number);
    return number;
  }

  private stepOfLast({ last }: Taken): number {
    return this.steps.at(last) ?? -1;
  }

  private usesAfter(step: number, taken: Taken, quote: string): LaterUse[] {
    const shape = taken.how === undefined ? spelled(quote, taken.value) : taken;
    const { how, derivation } = shape;
    const uses: LaterUse[] = [];
    for (let number = taken.first; number !== NONE; number = this.nexts.at(number) ?? NONE) {
      const by = this.steps.at(number) ?? 0;
      if (by <= step) continue;
      const pointer = this.pointerNames[this.pointers.at(number) ?? 0] ?? '';
      uses.push({
        step: by,
        pointer,
        how: how ?? 'as it stands',
        ...(derivation !== undefined && how !== undefined && { derivation }),
      });
    }
    return uses;
  }

  /** What was taken somewhere and may stand in a text, told by hashes. */
  private candidatesIn(text: string): Set<Taken> {
    const found = new Set<Taken>();
    const take = (hash: number) => {
      for (const taken of this.byHash.get(hash) ?? []) found.add(taken);
    };
    let numberEnd = 0;
    let dateEnd = 0;
    scanTokens(text, {
      atom: take,
      chunk: take,
      digits: (start, end) => {
        const number = start < numberEnd ? undefined : numberAt(text, start, end);
        if (number !== undefined) {
          numberEnd = number.end;
          take(hashOfNumber(number.value));
        }
        const dates = start < dateEnd ? undefined : datesAt(text, start, end, dateEnd);
        if (dates === undefined) return;
        dateEnd = dates.end;
        for (const date of dates.dates) take(hashOfDay(date));
      },
    });
    return found;
  }
}

/** What an argument took: itself, in any spelling, and what it was derived from. */
function* takenOf(value: string | number, found: LookedUp): Generator<Omit<Taken, 'first' | 'last'>> {
  const amount = found.leaf === 'number' ? asAmount(value) : undefined;
  const [direct] = found.how === undefined ? found.parents : [];
  const words = typeof value === 'string' ? ownText(value) : value;
  yield {
    sought:
      direct?.sought ??
      (amount === undefined ? { kind: 'words', words: String(words) } : { kind: 'number', value: amount }),
    value: words,
  };
  const { how, derivation, parents } = found;
  if (how === undefined || derivation === undefined) return;
  const isAnywhere = ANYWHERE.has(derivation);
  for (const { text, sought } of parents.slice(0, MOST_PARENTS)) {
    if (text.step < 0) continue;
    yield { sought, value: words, derivation, how, ...(!isAnywhere && { at: text }) };
  }
}

/** Derivations by which all of another value was taken: wherever that stands, it was. */
const ANYWHERE: ReadonlySet<string> = new Set(['url-encoded', 'base64', 'json-escaped', 'substring']);

/** What a text must hold for a value to stand in it: of several words the longest. */
function hashOf(sought: Sought): number | undefined {
  switch (sought.kind) {
    case 'number':
      return hashOfNumber(Math.abs(sought.value));
    case 'date':
      return hashOfDay(sought.date);
    case 'words': {
      const chunks = chunksOf(sought.words).map(({ hash, atoms }) => ({
        hash,
        size: atoms.reduce((n, a) => n + a.length, 0),
      }));
      return chunks.sort((a, b) => b.size - a.size)[0]?.hash;
    }
  }
}

function hashOfDay({ month, day }: CalendarDay): number {
  return hashOfDate(undefined, month, day);
}

/** Whose a text of a step is; undefined for the agent's own words, which are no values to be followed. */
function roleAt(pointer: string, { kind }: Step): 'user' | 'system' | 'observation' | 'agent' | undefined {
  if (/^\/actions\/\d+\/observation\//.test(pointer)) return 'observation';
  if (/^\/actions\/\d+\/arguments\//.test(pointer)) return 'agent';
  if (!pointer.startsWith('/message/')) return undefined;
  return kind === 'user' || kind === 'approval'
    ? 'user'
    : kind === 'system'
      ? 'system'
      : kind === 'other'
        ? 'observation'
        : undefined;
}
