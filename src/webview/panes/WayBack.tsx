import { useSession, useView } from '../state/context.ts';
import { grouped } from '../state/sentence.ts';
import { Icon } from '../widgets/Icon.tsx';
import { Visible } from '../widgets/Visible.tsx';

/** Where the person came from to see a value, and the way back. */
export function WayBack() {
  const session = useSession();
  const place = useView((view) => view.shownPlace);
  if (place === undefined || place.from === place.step) return null;
  return (
    <p class="way-back" role="status">
      <Icon name="link" />
      <span class="way-back-words">
        {place.quote === '' ? 'The argument' : <Visible text={`“${shortened(place.quote)}”`} />} is marked below.
      </span>
      <button type="button" class="link" onClick={() => session.goTo(place.from)}>
        Back to step {grouped(place.from + 1)}
      </button>
    </p>
  );
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
