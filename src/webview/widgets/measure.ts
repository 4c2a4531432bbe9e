import { useLayoutEffect, useReducer, useRef } from 'preact/hooks';

let character: { readonly font: string; readonly width: number } | undefined;

/** Width of one character of the editor's font, in pixels. */
function characterWidth(element: Element): number {
  const { fontSize, fontFamily } = getComputedStyle(element);
  const font = `${fontSize} ${fontFamily}`;
  if (character?.font !== font) {
    const context = document.createElement('canvas').getContext('2d');
    if (context !== null) context.font = font;
    character = { font, width: context?.measureText('0'.repeat(100)).width ?? 800 };
  }
  return character.width / 100;
}

/** What the last measured text frame held, so that the next one is right before it is measured. */
let lastColumns = 80;

/** How many monospaced characters fit into an element's line. */
export function useColumns<E extends HTMLElement>() {
  const frame = useRef<E>(null);
  const columns = useRef(lastColumns);
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const measure = () => {
      const width = element.clientWidth;
      if (width === 0) return;
      // Two paddings of 8 pixels and a scroll bar.
      const fitting = Math.max(20, Math.floor((width - 30) / characterWidth(element)));
      if (fitting === columns.current) return;
      columns.current = fitting;
      lastColumns = fitting;
      redraw(undefined);
    };
    // The observer calls once at the start, after layout: nothing here forces a layout while a step is drawn.
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { frame, columns: columns.current };
}
