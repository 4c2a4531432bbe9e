import { useRef, useState } from 'preact/hooks';
import type { ArgumentOrigin } from '../../core/provenance/origin.ts';
import type { Json } from '../../core/util/json.ts';
import { useSession } from '../state/context.ts';
import { Visible } from '../widgets/Visible.tsx';
import { Excerpt } from './Excerpt.tsx';
import { ORIGIN_KINDS, originPlace, originWords, placeWords } from './originWords.ts';

/** How long a pointer rests on a value before the card opens, in ms. */
const REST = 200;

/** An argument's value, underlined by where it came from; a card says more, and a click goes to the place. */
export function OriginLeaf({ origin, value }: { readonly origin: ArgumentOrigin; readonly value: Json }) {
  const session = useSession();
  const button = useRef<HTMLButtonElement>(null);
  const resting = useRef<ReturnType<typeof setTimeout> | undefined>();
  const [at, setAt] = useState<{ readonly left: number; readonly top: number } | undefined>();
  const place = originPlace(origin);
  const text = typeof value === 'string' ? `"${value}"` : JSON.stringify(value);
  if (origin.kind === 'authored') {
    return (
      <span class="origin origin-authored" title={originWords(origin)}>
        <Visible text={text} />
        <span class="sr-only"> ({originWords(origin)})</span>
      </span>
    );
  }
  const open = () => {
    const box = button.current?.getBoundingClientRect();
    if (box !== undefined) setAt(spotFor(box));
  };
  const close = () => {
    clearTimeout(resting.current);
    setAt(undefined);
  };
  const go = () => (place === undefined ? session.store.set({ tab: 'provenance' }) : session.showPlace(place));
  return (
    <>
      <button
        ref={button}
        type="button"
        class={`origin origin-${origin.kind}`}
        onClick={go}
        onFocus={open}
        onBlur={close}
        onPointerEnter={() => {
          clearTimeout(resting.current);
          resting.current = setTimeout(open, REST);
        }}
        onPointerLeave={close}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || at === undefined) return;
          event.stopPropagation();
          close();
        }}
      >
        <Visible text={text} />
        <span class="sr-only"> ({originWords(origin)})</span>
      </button>
      {at !== undefined && <Card origin={origin} at={at} />}
    </>
  );
}

const CARD_WIDTH = 380;
const CARD_HEIGHT = 170;

/** Below the value, or above it where there is no room; never beyond the window's edge. */
function spotFor({ left, top, bottom }: DOMRect): { left: number; top: number } {
  return {
    left: Math.max(8, Math.min(left, window.innerWidth - CARD_WIDTH - 8)),
    top: bottom + CARD_HEIGHT < window.innerHeight ? bottom + 4 : Math.max(8, top - CARD_HEIGHT - 4),
  };
}

/** What the button's own words say, with the quotes; only to be seen. */
function Card({ origin, at }: { readonly origin: ArgumentOrigin; readonly at: { left: number; top: number } }) {
  const { kind, how, sources, nearest } = origin;
  const places = sources.length === 0 && nearest !== undefined ? [nearest] : sources;
  const place = originPlace(origin);
  return (
    <div
      class="origin-card"
      aria-hidden="true"
      style={{ left: `${at.left}px`, top: `${at.top}px`, width: `${CARD_WIDTH}px` }}
    >
      <p class="origin-card-kind">
        <span class={`origin origin-${kind}`}>{ORIGIN_KINDS[kind]}</span>
        {how !== undefined && `: ${how}`}
      </p>
      {places.map((source) => (
        <div key={`${source.step} ${source.pointer} ${source.range?.start}`} class="origin-card-place">
          <p class="muted">
            {source === nearest && 'nearest: '}
            {placeWords(source)}
          </p>
          <Excerpt place={source} />
        </div>
      ))}
      <p class="muted">
        {place === undefined ? 'Click for the Provenance tab' : `Click to go to step ${place.step + 1}`}
      </p>
    </div>
  );
}
