import type { OriginPlace } from '../../core/provenance/origin.ts';
import { Visible } from '../widgets/Visible.tsx';

/** The words around a value, the value itself marked. */
export function Excerpt({ place: { excerpt, quote } }: { readonly place: OriginPlace }) {
  // An excerpt has its line breaks as spaces, and ends after so many characters.
  const words = quote.replace(/\s/g, ' ').slice(0, excerpt.length);
  const at = words === '' ? -1 : excerpt.indexOf(words);
  if (at < 0) {
    return (
      <q class="excerpt">
        <Visible text={excerpt} />
      </q>
    );
  }
  return (
    <q class="excerpt">
      <Visible text={excerpt.slice(0, at)} />
      <mark>
        <Visible text={words} />
      </mark>
      <Visible text={excerpt.slice(at + words.length)} />
    </q>
  );
}
