import type { ArgumentOrigin, OriginPlace } from '../../core/provenance/origin.ts';
import type { Json } from '../../core/util/json.ts';
import { useSession } from '../state/context.ts';
import { Visible } from '../widgets/Visible.tsx';
import { visibleString } from '../widgets/visibleText.ts';

/** An argument's value, underlined by where it came from; a click goes to the source. */
export function OriginLeaf({ origin, value }: { readonly origin: ArgumentOrigin; readonly value: Json }) {
  const session = useSession();
  const place = originPlace(origin);
  const text = typeof value === 'string' ? `"${value}"` : JSON.stringify(value);
  const words = originWords(origin);
  if (place === undefined) {
    return (
      <span class={`origin origin-${origin.kind}`} title={words}>
        <Visible text={text} />
        <span class="sr-only"> ({words})</span>
      </span>
    );
  }
  return (
    <button type="button" class={`origin origin-${origin.kind}`} title={words} onClick={() => session.goTo(place.step)}>
      <Visible text={text} />
      <span class="sr-only"> ({words})</span>
    </button>
  );
}

/** Where a click on an origin leads: to its first source, else to the nearest earlier value. */
export function originPlace(origin: ArgumentOrigin): OriginPlace | undefined {
  return origin.sources[0] ?? origin.nearest;
}

const ROLES: Record<OriginPlace['role'], string> = {
  user: 'the user',
  system: 'the system prompt',
  observation: 'an observation',
  agent: 'the agent’s own words',
};

/** One sentence about where a value came from. */
export function originWords(origin: ArgumentOrigin): string {
  const place = originPlace(origin);
  const where =
    place === undefined ? '' : `${ROLES[place.role]} at step ${place.step + 1}: “${visibleString(place.excerpt)}”`;
  const how = origin.how === undefined ? '' : ` (${origin.how})`;
  switch (origin.kind) {
    case 'direct':
      return place === undefined ? 'Stood so in an earlier text' : `From ${where}`;
    case 'derived':
      return place === undefined ? `Derived${how}` : `Derived${how} from ${where}`;
    case 'authored':
      return 'Written by the model';
    case 'trivial':
      return 'Too short or common to have an origin';
    case 'nowhere':
      return place === undefined ? 'Not seen anywhere before' : `Not seen anywhere before; the nearest is in ${where}`;
  }
}
