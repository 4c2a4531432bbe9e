import { useState } from 'preact/hooks';
import type { ArgumentOrigin, ForwardUse, OriginPlace } from '../../core/provenance/origin.ts';
import { placeName } from '../../core/provenance/placeName.ts';
import { useSession, useView } from '../state/context.ts';
import { countOf, grouped } from '../state/sentence.ts';
import { runOf } from '../state/view.ts';
import { Visible } from '../widgets/Visible.tsx';
import { Excerpt } from './Excerpt.tsx';
import { ORIGIN_KINDS, placeWords } from './originWords.ts';

const ORDER: readonly ArgumentOrigin['kind'][] = ['nowhere', 'derived', 'direct', 'authored', 'trivial'];

/** Values that are listed before "show all". */
const SHOWN = 20;

/** Where every value of the arguments came from, and who took the values of the step later. */
export function ProvenanceTab() {
  return (
    <>
      <section class="provenance-part" aria-labelledby="came-from">
        <h3 id="came-from">Came from</h3>
        <CameFrom />
      </section>
      <section class="provenance-part" aria-labelledby="used-later">
        <h3 id="used-later">Used later</h3>
        <UsedLater />
      </section>
    </>
  );
}

function CameFrom() {
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
  const kinds = ORDER.filter((kind) => kind !== 'trivial' && origins.some((origin) => origin.kind === kind));
  return (
    <>
      {kinds.length > 0 && (
        <p class="origin-legend muted">
          Underlined in the arguments:{' '}
          {kinds.map((kind) => (
            <span key={kind} class={`origin origin-${kind}`}>
              {ORIGIN_KINDS[kind]}
            </span>
          ))}
        </p>
      )}
      <ul class="origin-list">
        {sorted.map((origin) => (
          <Origin key={origin.pointer} origin={origin} />
        ))}
      </ul>
    </>
  );
}

function Origin({ origin }: { readonly origin: ArgumentOrigin }) {
  const { pointer, kind, how, sources, nearest } = origin;
  return (
    <li>
      <div class="origin-head">
        <code class="origin-pointer">
          <Visible text={argumentName(pointer)} />
        </code>
        <span class={`chip origin-chip-${kind}`}>
          {ORIGIN_KINDS[kind]}
          {how !== undefined && `: ${how}`}
        </span>
      </div>
      <div class="origin-value">
        <Visible text={shortJson(origin)} />
      </div>
      <ul class="evidence">
        {sources.map((place) => (
          <Place
            key={`${place.step} ${place.pointer} ${place.range?.start}`}
            place={place}
            prefix={kind === 'nowhere' ? 'the agent itself, first in ' : ''}
          />
        ))}
        {nearest !== undefined && <Place place={nearest} prefix="nearest: " />}
      </ul>
    </li>
  );
}

function Place({ place, prefix }: { readonly place: OriginPlace; readonly prefix: string }) {
  const session = useSession();
  return (
    <li>
      {prefix}
      {place.step < 0 ? (
        placeWords(place)
      ) : (
        <button type="button" class="link" title={place.pointer} onClick={() => session.showPlace(place)}>
          step {grouped(place.step + 1)}
        </button>
      )}{' '}
      {place.step >= 0 && (
        <span class="muted">
          {place.role === 'user' ? 'user’s ' : ''}
          <Visible text={placeName(place)} />
        </span>
      )}{' '}
      <Excerpt place={place} />
    </li>
  );
}

function UsedLater() {
  const uses = useView((view) => view.uses);
  const step = useView((view) => view.step);
  const total = useView((view) => runOf(view)?.stepCount ?? 0);
  const [isWhole, setIsWhole] = useState(-1);
  if (uses === undefined) return <p class="empty late">Looking at the arguments of later steps…</p>;
  const { uses: all, lookedTo } = uses;
  const looked = lookedTo < total ? ` of the next ${countOf(lookedTo - step - 1, 'step')}` : ' of a later step';
  if (all.length === 0) return <p class="empty">No argument{looked} took a value from here.</p>;
  const shown = isWhole === step ? all : all.slice(0, SHOWN);
  return (
    <>
      <ul class="origin-list">
        {shown.map((use) => (
          <Use key={`${use.place.pointer} ${use.place.range?.start} ${use.value}`} use={use} />
        ))}
      </ul>
      {shown.length < all.length && (
        <button type="button" class="link origin-more" onClick={() => setIsWhole(step)}>
          Show all {countOf(all.length, 'value')}
        </button>
      )}
      {lookedTo < total && <p class="muted origin-more">Looked at arguments{looked}.</p>}
    </>
  );
}

function Use({ use: { place, value, usedBy, more } }: { readonly use: ForwardUse }) {
  const session = useSession();
  return (
    <li>
      <div class="origin-head">
        <span class="origin-value">
          <Visible text={value} />
        </span>
        <button
          type="button"
          class="link origin-where"
          title="Show it in this step"
          onClick={() => session.showPlace(place)}
        >
          <Visible text={placeName(place)} />
        </button>
      </div>
      <ul class="evidence">
        {usedBy.map(({ step, pointer, how }) => (
          <li key={`${step} ${pointer} ${how}`}>
            <button type="button" class="link" title={pointer} onClick={() => session.showPlace({ step, pointer })}>
              step {grouped(step + 1)}
            </button>{' '}
            <code>
              <Visible text={argumentName(pointer)} />
            </code>{' '}
            <span class="muted">{how}</span>
          </li>
        ))}
        {more > 0 && <li class="muted">and {grouped(more)} more</li>}
      </ul>
    </li>
  );
}

function argumentName(pointer: string): string {
  return placeName({ step: 0, pointer }).replace(/^argument /, '');
}

function shortJson(origin: ArgumentOrigin): string {
  const text = JSON.stringify(origin.value);
  return text.length > 200 ? `${text.slice(0, 200)}… (${text.length} characters)` : text;
}
