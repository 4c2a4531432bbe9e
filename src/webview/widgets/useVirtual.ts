import type { RefObject } from 'preact';
import { useCallback, useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import {
  clampTop,
  type Extent,
  isScaled,
  rowsToDraw,
  scrollOfTop,
  spaceHeight,
  topOfScroll,
  topThatShows,
} from './virtualWindow.ts';

export interface Virtual {
  readonly scroller: RefObject<HTMLDivElement>;
  readonly from: number;
  readonly to: number;
  readonly spaceHeight: number;
  /** Where a row lies in the scroll space, in pixels. */
  offsetOf(row: number): number;
  /** Scrolls as little as possible to show a row, `margin` rows from the edge. */
  show(row: number, margin: number): void;
  /** Rows that fit into what is seen. */
  readonly fitting: number;
}

/**
 * Makes an element scroll over any number of equal rows of which only those on screen are drawn. The wheel moves by its
 * own pixels also where the scroll space is shorter than the list.
 */
export function useVirtual(count: number, rowHeight: number, overscan = 6): Virtual {
  const scroller = useRef<HTMLDivElement>(null);
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const state = useRef({ top: 0, viewport: 0, count, rowHeight });
  state.current.count = count;
  state.current.rowHeight = rowHeight;

  const moveTo = useCallback((top: number) => {
    const here = state.current;
    const clamped = clampTop(here, top);
    if (clamped === here.top) return;
    here.top = clamped;
    if (scroller.current !== null) scroller.current.scrollTop = scrollOfTop(here, clamped);
    redraw(undefined);
  }, []);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const onScroll = () => {
      const here = state.current;
      // Our own change of scrollTop comes back here rounded; only a real scroll may move the list.
      if (Math.abs(element.scrollTop - scrollOfTop(here, here.top)) < 1.5) return;
      here.top = topOfScroll(here, element.scrollTop);
      redraw(undefined);
    };
    const onWheel = (event: WheelEvent) => {
      if (!isScaled(state.current) || event.ctrlKey) return;
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? state.current.rowHeight : 1;
      moveTo(state.current.top + event.deltaY * unit);
    };
    const observer = new ResizeObserver(() => {
      if (state.current.viewport === element.clientHeight) return;
      state.current.viewport = element.clientHeight;
      redraw(undefined);
    });
    state.current.viewport = element.clientHeight;
    observer.observe(element);
    element.addEventListener('scroll', onScroll, { passive: true });
    element.addEventListener('wheel', onWheel, { passive: false });
    redraw(undefined);
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('wheel', onWheel);
    };
  }, [moveTo]);

  const extent: Extent = state.current;
  // A list that got shorter may have left the place that was looked at.
  state.current.top = clampTop(extent, state.current.top);
  const { top } = state.current;
  const shift = scrollOfTop(extent, top) - top;
  return {
    scroller,
    ...rowsToDraw(extent, top, overscan),
    spaceHeight: spaceHeight(extent),
    offsetOf: (row) => row * rowHeight + shift,
    show: (row, margin) => moveTo(topThatShows(state.current, state.current.top, row, margin)),
    fitting: Math.max(1, Math.floor(extent.viewport / rowHeight)),
  };
}
