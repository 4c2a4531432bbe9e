import { useState } from 'preact/hooks';
import { useSession, useView } from './context.ts';

/** Characters fetched at once. */
const CHUNK = 500_000;

export interface WholeText {
  readonly text: string;
  /** Length of the whole string when `text` is only its beginning. */
  readonly length: number | undefined;
  readonly busy: boolean;
  showAll(): void;
}

/** A string of the current step that may have been cut on its way here, and how to get the rest. */
export function useWholeText(text: string, pointer: string): WholeText {
  const session = useSession();
  const length = useView((view) => view.body?.cuts.find((cut) => cut.pointer === pointer)?.length);
  const [whole, setWhole] = useState<string | undefined>();
  const [busy, setBusy] = useState(false);
  const showAll = async () => {
    if (length === undefined || busy) return;
    setBusy(true);
    const { run, step } = session.store.get();
    try {
      const chunks = [text];
      for (let start = text.length; start < length; start += CHUNK) {
        chunks.push(await session.host.text({ run, step, pointer, start, count: Math.min(CHUNK, length - start) }));
      }
      setWhole(chunks.join(''));
    } catch (thrown) {
      session.say(thrown);
    } finally {
      setBusy(false);
    }
  };
  return {
    text: whole ?? text,
    length: whole === undefined ? length : undefined,
    busy,
    showAll: () => void showAll(),
  };
}
