import type { Step } from '../trace/model.ts';
import type { Json } from '../util/json.ts';
import { type ArgumentLeaf, argumentLeaves } from './argumentLeaves.ts';
import type { Parent } from './derivations/derivation.ts';
import { type LookedUp, lookUp } from './lookUp.ts';
import type { ArgumentOrigin, OriginPlace } from './origin.ts';
import { Places } from './places.ts';
import type { Sought } from './sought.ts';
import { spelled } from './spelled.ts';
import type { ValueIndex } from './valueIndex.ts';

/** Leaves that are answered for one step; more arguments than that nobody reads. */
const MOST_LEAVES = 300;
/** Texts that are shown for one value, and looked at for all of it. */
const MOST_SOURCES = 3;

/**
 * Where each leaf of each argument of a step came from. The index knows in which texts a value stood; those few steps
 * are read again through `read` (by index) for the exact place and the words around it.
 */
export async function originsOf(
  step: Step,
  index: ValueIndex,
  read: (step: number) => Promise<Step>,
): Promise<ArgumentOrigin[]> {
  const origins: ArgumentOrigin[] = [];
  const places = new Places(index.run, read);
  for (const [i, action] of step.actions.entries()) {
    for (const leaf of argumentLeaves(action, i)) {
      if (origins.length >= MOST_LEAVES) return origins;
      origins.push(await originOf(leaf, lookUp(index, leaf, step.index), places));
    }
  }
  return origins;
}

async function originOf({ pointer, value }: ArgumentLeaf, found: LookedUp, places: Places): Promise<ArgumentOrigin> {
  const { kind, derivation, how, parents, own, nearest } = found;
  if (kind === 'direct' || kind === 'derived') {
    const whole = await wholeIn(value, found, places);
    if (whole !== undefined) {
      const known =
        how === undefined || isPutTogether(found) || derivation === undefined ? undefined : { derivation, how };
      const shape = OF_ANOTHER.has(derivation ?? '') ? { kind, how, derivation } : spelled(whole.quote, value, known);
      return { pointer, value, ...withoutGaps(shape), sources: [whole] };
    }
    const sources = await sourcesOf(value, parents, places);
    // Each of its words stood somewhere, and nowhere all of them.
    const isScattered = kind === 'direct' && sources.length > 1;
    const shape = isScattered ? { derivation: 'pieces', how: 'put together from pieces' } : { derivation, how };
    return { pointer, value, ...withoutGaps({ kind: isScattered ? 'derived' : kind, ...shape }), sources };
  }
  const ownPlace = own === undefined ? undefined : await placeIn({ text: own, sought: soughtOf(value) }, places);
  const near =
    nearest === undefined
      ? undefined
      : await placeIn(
          { text: nearest.text, sought: soughtOf(found.leaf === 'number' ? Number(nearest.value) : nearest.value) },
          places,
        );
  return {
    pointer,
    value,
    kind,
    sources: ownPlace === undefined ? [] : [ownPlace],
    ...(near !== undefined && { nearest: near }),
  };
}

/** The place of the value itself (or of its other form), where one text has all of it. Later texts have more of it. */
async function wholeIn(value: Json, found: LookedUp, places: Places): Promise<OriginPlace | undefined> {
  if (DERIVED_OF_MANY.has(found.derivation ?? '')) return undefined;
  const wanted = isPutTogether(found) ? soughtOf(value) : undefined;
  const texts = new Map(found.parents.map((parent) => [`${parent.text.step} ${parent.text.pointer}`, parent]));
  const latest = [...texts.values()].sort((a, b) => b.text.step - a.text.step).slice(0, MOST_SOURCES);
  for (const { text, sought } of latest) {
    const place = await places.find(text, wanted ?? sought);
    if (place !== undefined) return place;
  }
  return undefined;
}

/** What is made of several values that stand where they stand by themselves. */
const DERIVED_OF_MANY: ReadonlySet<string> = new Set(['arithmetic', 'path-join']);

/** What stands there is another value, to which the spelling says nothing. */
const OF_ANOTHER: ReadonlySet<string> = new Set(['near-date', 'schema', 'substring']);

/** True for what the index knows in pieces only: one text may hold it with other separators. */
function isPutTogether({ derivation }: LookedUp): boolean {
  return derivation === 'pieces';
}

function soughtOf(value: Json): Sought {
  return typeof value === 'number' ? { kind: 'number', value } : { kind: 'words', words: String(value) };
}

async function sourcesOf(value: Json, parents: readonly Parent[], places: Places): Promise<OriginPlace[]> {
  const sources: OriginPlace[] = [];
  for (const parent of parents) {
    if (sources.length >= MOST_SOURCES) break;
    const place = await placeIn(parent, places, value);
    const isKnown = sources.some(
      (other) => other.step === place.step && other.pointer === place.pointer && other.quote === place.quote,
    );
    if (!isKnown) sources.push(place);
  }
  return sources;
}

/** The place of what is sought, else of the longest word of a value, else only the text. */
async function placeIn({ text, sought }: Parent, places: Places, value?: Json): Promise<OriginPlace> {
  const place = await places.find(text, sought);
  if (place !== undefined) return place;
  const words = typeof value === 'string' ? (value.slice(0, MOST_WORDS).match(/[\p{L}\p{N}]{2,}/gu) ?? []) : [];
  for (const word of words.sort((a, b) => b.length - a.length).slice(0, MOST_SOURCES)) {
    const part = await places.find(text, { kind: 'words', words: word });
    if (part !== undefined) return part;
  }
  return places.whole(text);
}

/** Characters of a value whose words are looked for one by one. */
const MOST_WORDS = 500;

type Shape = Pick<ArgumentOrigin, 'kind'> & {
  readonly how?: string | undefined;
  readonly derivation?: string | undefined;
};

/** Of a direct value there is nothing to say. */
function withoutGaps({ kind, how, derivation }: Shape): Pick<ArgumentOrigin, 'kind' | 'how' | 'derivation'> {
  return {
    kind,
    ...(how !== undefined && { how }),
    ...(how !== undefined && derivation !== undefined && { derivation }),
  };
}
