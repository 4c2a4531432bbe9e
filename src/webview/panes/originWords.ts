import type { ArgumentOrigin, OriginPlace } from '../../core/provenance/origin.ts';
import { placeName } from '../../core/provenance/placeName.ts';
import { grouped } from '../state/sentence.ts';
import { visibleString } from '../widgets/visibleText.ts';

/** What each kind of origin is called, in the order of how much it matters. */
export const ORIGIN_KINDS: Record<ArgumentOrigin['kind'], string> = {
  nowhere: 'from nowhere',
  derived: 'derived',
  direct: 'as it stood',
  authored: 'written by the model',
  trivial: 'too short or common to tell',
};

/** Where a click on an origin leads: to its first source in a step, else to the nearest earlier value. */
export function originPlace(origin: ArgumentOrigin): OriginPlace | undefined {
  return origin.sources.find(({ step }) => step >= 0) ?? origin.nearest;
}

const ROLES: Record<OriginPlace['role'], string> = {
  user: 'the user’s',
  system: 'the system’s',
  observation: 'an',
  agent: 'the agent’s own',
};

/** `an observation /orders/0/id at step 3`, `the tool list`. */
export function placeWords(place: OriginPlace): string {
  const name = visibleString(placeName(place));
  return place.step < 0 ? `the run’s ${name}` : `${ROLES[place.role]} ${name} at step ${grouped(place.step + 1)}`;
}

/** One sentence about where a value came from. */
export function originWords(origin: ArgumentOrigin): string {
  const [first] = origin.sources;
  const how = origin.how === undefined ? '' : `, ${origin.how}`;
  switch (origin.kind) {
    case 'direct':
      return first === undefined ? 'Stood so in an earlier text' : `Stood so in ${placeWords(first)}`;
    case 'derived': {
      const places = new Set(origin.sources.map(placeWords));
      return `Derived${how}${places.size === 0 ? '' : `: from ${[...places].join(', and ')}`}`;
    }
    case 'authored':
      return 'Written by the model';
    case 'trivial':
      return 'Too short or common to have an origin';
    case 'nowhere': {
      const own = first === undefined ? '' : `; the agent itself said it first, at step ${grouped(first.step + 1)}`;
      const near =
        origin.nearest === undefined ? '' : `; the nearest earlier value is in ${placeWords(origin.nearest)}`;
      return `From nowhere: not seen anywhere before${how}${own}${near}`;
    }
  }
}
