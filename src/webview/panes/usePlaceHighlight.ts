import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { useView } from '../state/context.ts';
import type { ShownPlace } from '../state/view.ts';

const NAME = 'hindstep-place';
/** How long a place may take to be drawn, in ms. */
const PATIENCE = 2000;

/** Marks the value that was gone to from another step, and scrolls to it. */
export function usePlaceHighlight(pane: RefObject<HTMLElement>): void {
  const place = useView((view) => view.shownPlace);
  const isThere = useView((view) => view.body !== undefined && view.body.step.index === view.shownPlace?.step);
  useEffect(() => {
    const element = pane.current;
    if (element === null || place === undefined || !isThere) return undefined;
    let waiting = 0;
    // What is fetched or drawn late is still scrolled to; after that the person scrolls.
    const until = performance.now() + PATIENCE;
    let isScrolled = false;
    const mark = () => {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => {
        const part = partOf(element, place);
        const range = part === undefined ? undefined : rangeIn(part, place.quote);
        CSS.highlights.set(NAME, range === undefined ? new Highlight() : new Highlight(range));
        if (isScrolled || performance.now() > until) return;
        // A long text scrolls in a frame of its own: that frame first, and then what is in it.
        (range?.startContainer.parentElement ?? part)?.scrollIntoView({ block: 'center' });
        isScrolled = range !== undefined;
      });
    };
    mark();
    element.addEventListener('scroll', mark, { capture: true, passive: true });
    const drawn = new MutationObserver(mark);
    drawn.observe(element, { childList: true, subtree: true, characterData: true });
    return () => {
      drawn.disconnect();
      cancelAnimationFrame(waiting);
      element.removeEventListener('scroll', mark, { capture: true });
      CSS.highlights.delete(NAME);
    };
  }, [pane, place, isThere]);
}

/** The smallest part of the step on screen that holds the place. */
function partOf(element: HTMLElement, { pointer, within = '' }: ShownPlace): HTMLElement | undefined {
  const wanted = pointer + within;
  let best: HTMLElement | undefined;
  for (const part of element.querySelectorAll<HTMLElement>('[data-pointer]')) {
    const here = part.dataset.pointer ?? '';
    const holds = wanted === here || wanted.startsWith(`${here}/`);
    if (holds && here.length >= (best?.dataset.pointer ?? '').length) best = part;
  }
  return best;
}

/** Where the words stand first in what is drawn of a part, also across its elements; all of it when there are none. */
function rangeIn(part: HTMLElement, words: string): Range | undefined {
  const nodes: { node: Node; start: number }[] = [];
  let text = '';
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node.parentElement?.closest('.sr-only, .origin-card') !== null) continue;
    nodes.push({ node, start: text.length });
    text += node.nodeValue ?? '';
  }
  const at = words === '' ? 0 : text.indexOf(words);
  const end = words === '' ? text.length : at + words.length;
  const first = nodes.findLast(({ start }) => start <= at);
  const last = nodes.findLast(({ start }) => start < end);
  if (at < 0 || first === undefined || last === undefined) return undefined;
  const range = new Range();
  range.setStart(first.node, at - first.start);
  range.setEnd(last.node, end - last.start);
  return range;
}

/** The words to scroll to in a text, and from where on to look for them, when the place that was gone to is in it. */
export function useShownWords(pointer: string): { words: string | undefined; from: number } {
  const words = useView((view) => (view.shownPlace?.pointer === pointer ? view.shownPlace.quote : undefined));
  const from = useView((view) => (view.shownPlace?.pointer === pointer ? view.shownPlace.start : 0));
  return { words, from };
}

/** The place that was gone to, when it lies in a value of the step. */
export function useRevealed(pointer: string): string | undefined {
  return useView(({ shownPlace }) => {
    const wanted = shownPlace === undefined ? '' : `${shownPlace.pointer}${shownPlace.within ?? ''}`;
    return wanted.startsWith(`${pointer}/`) ? wanted : undefined;
  });
}
