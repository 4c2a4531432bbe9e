import type { ArgumentOrigin, OriginPlace } from '../../core/provenance/origin.ts';
import { useSession, useView } from '../state/context.ts';
import { Visible } from '../widgets/Visible.tsx';

const KINDS: Record<ArgumentOrigin['kind'], string> = {
  nowhere: 'from nowhere',
  derived: 'derived',
  direct: 'direct',
  authored: 'written by the model',
  trivial: 'trivial',
};
const ORDER: readonly ArgumentOrigin['kind'][] = ['nowhere', 'derived', 'direct', 'authored', 'trivial'];

/** Where every value of the arguments came from, the doubtful ones first. */
export function ProvenanceTab() {
  const origins = useView((view) => view.origins);
  const hasActions = useView((view) => (view.body?.step.actions.length ?? 0) > 0);
  if (!hasActions) {
    return (
      <p class="empty">
        This step calls no tool. On a step that does, every argument is traced back to where its value stood before: in
        the user’s words, an observation, or nowhere.
      </p>
    );
  }
  if (origins === undefined) return <p class="empty late">Looking for the values in earlier steps…</p>;
  if (origins.length === 0) return <p class="empty">The arguments hold no values to trace.</p>;
  const sorted = [...origins].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  return (
    <ul class="origin-list">
      {sorted.map((origin) => (
        <li key={origin.pointer}>
          <div class="origin-head">
            <code class="origin-pointer">
              <Visible text={origin.pointer.replace(/^\/actions\/\d+\/arguments\//, '')} />
            </code>
            <span class={`chip origin-chip-${origin.kind}`}>
              {KINDS[origin.kind]}
              {origin.how !== undefined && `: ${origin.how}`}
            </span>
          </div>
          <div class="origin-value">
            <Visible text={shortJson(origin)} />
          </div>
          <ul class="evidence">
            {origin.sources.map((place) => (
              <Place key={`${place.step} ${place.pointer}`} place={place} />
            ))}
            {origin.sources.length === 0 && origin.nearest !== undefined && (
              <Place place={origin.nearest} prefix="nearest: " />
            )}
          </ul>
        </li>
      ))}
    </ul>
  );
}

function Place({ place, prefix = '' }: { readonly place: OriginPlace; readonly prefix?: string }) {
  const session = useSession();
  return (
    <li>
      {prefix}
      <button type="button" class="link" title={place.pointer} onClick={() => session.goTo(place.step)}>
        step {place.step + 1}
      </button>{' '}
      <span class="muted">{place.role}</span>{' '}
      <q>
        <Visible text={place.excerpt} />
      </q>
    </li>
  );
}

function shortJson(origin: ArgumentOrigin): string {
  const text = JSON.stringify(origin.value);
  return text.length > 200 ? `${text.slice(0, 200)}… (${text.length} characters)` : text;
}
