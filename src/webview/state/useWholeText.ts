import { useEffect, useMemo, useReducer, useState } from 'preact/hooks';
import type { RawView } from '../../protocol/traceService.ts';
import { useSession, useView } from './context.ts';
import { RangedText } from './rangedText.ts';
import { StepNumbers } from './stepNumbers.ts';

/** Characters fetched at once. */
const CHUNK = 500_000;
/** A longer text is never here as a whole: what is looked at is fetched, and drawn as plain text. */
const WHOLE_LIMIT = 2_000_000;

export interface WholeText {
  readonly text: string;
  /** Length of the whole string when `text` is only its beginning. */
  readonly length: number | undefined;
  readonly busy: boolean;
  /** Set when all of a text is shown that is too long to be here. */
  readonly ranged: Ranged | undefined;
  showAll(): void;
}

export interface Ranged {
  readonly length: number;
  readonly lineStarts: Uint32Array;
  slice(start: number, end: number): string | undefined;
}

/** Where the rest of a text comes from: as the service's `text` and `lines` answer it. */
interface Source {
  text(start: number, count: number): Promise<string>;
  lines(): Promise<Uint8Array>;
}

/** A string of the current step that may have been cut on its way here, and how to get the rest. */
export function useWholeText(text: string, pointer: string): WholeText {
  const session = useSession();
  const length = useView((view) => view.body?.cuts.find((cut) => cut.pointer === pointer)?.length);
  const { run, step } = session.store.get();
  const source = useMemo(
    (): Source => ({
      text: (start, count) => session.host.text({ run, step, pointer, start, count }),
      lines: () => session.host.lines({ run, step, pointer }),
    }),
    [session, run, step, pointer],
  );
  const whole = useRest(text, length, source);
  // What was found beyond the cut is to be seen.
  const found = useView((view) => {
    const hit = view.find?.hits[view.find.at];
    const shown = view.shownPlace?.pointer === pointer ? view.shownPlace.start : 0;
    return hit?.pointer === pointer && hit.step === view.step ? Math.max(shown, hit.position) : shown;
  });
  useEffect(() => {
    if (found >= text.length) whole.showAll();
  }, [found, length]);
  return whole;
}

/** The same for a record of the current step. */
export function useWholeRecord({ text, length }: RawView, part: number): WholeText {
  const session = useSession();
  const { run, step } = session.store.get();
  const source = useMemo(
    (): Source => ({
      text: (start, count) => session.host.rawText({ run, step, part, start, count }),
      lines: () => session.host.rawLines({ run, step, part }),
    }),
    [session, run, step, part],
  );
  return useRest(text, length > text.length ? length : undefined, source);
}

function useRest(text: string, length: number | undefined, source: Source): WholeText {
  const session = useSession();
  const [whole, setWhole] = useState<string | undefined>();
  const [lineStarts, setLineStarts] = useState<Uint32Array | undefined>();
  const [busy, setBusy] = useState(false);
  const [arrivals, arrived] = useReducer((count: number) => count + 1, 0);
  const stretches = useMemo(
    () => new RangedText(source.text, () => arrived(undefined), session.say),
    [session, source],
  );
  const showAll = async () => {
    if (length === undefined || busy || whole !== undefined || lineStarts !== undefined) return;
    setBusy(true);
    try {
      if (length > WHOLE_LIMIT) {
        const starts = new StepNumbers();
        starts.add(await source.lines());
        // Too many lines to place each: then it is one.
        setLineStarts(starts.all.length === 0 ? Uint32Array.of(0) : starts.all);
        return;
      }
      const chunks = [text];
      for (let start = text.length; start < length; start += CHUNK) {
        chunks.push(await source.text(start, Math.min(CHUNK, length - start)));
      }
      setWhole(chunks.join(''));
    } catch (thrown) {
      session.say(thrown);
    } finally {
      setBusy(false);
    }
  };
  const ranged = useMemo(
    () =>
      length !== undefined && lineStarts !== undefined
        ? { length, lineStarts, slice: (start: number, end: number) => stretches.slice(start, end) }
        : undefined,
    [length, lineStarts, stretches, arrivals],
  );
  return {
    text: whole ?? text,
    length: whole === undefined && ranged === undefined ? length : undefined,
    busy,
    ranged,
    showAll: () => void showAll(),
  };
}
