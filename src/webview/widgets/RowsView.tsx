import type { ComponentChildren } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { useVirtual } from './useVirtual.ts';

/** Height of a line of monospaced text, in pixels; `.text-row` in CSS says the same. */
export const LINE_HEIGHT = 18;

interface Props {
  readonly label: string;
  readonly count: number;
  /** Rows seen at once; a longer text scrolls in its own frame. */
  readonly maxRows: number;
  readonly render: (row: number) => ComponentChildren;
  readonly class?: string;
  /** Scrolls to this row when it changes. */
  readonly showRow?: number | undefined;
}

/** A frame of equal text rows of which only those on screen exist. */
export function RowsView({ label, count, maxRows, render, class: extra = '', showRow }: Props) {
  const virtual = useVirtual(count, LINE_HEIGHT, 8);
  useLayoutEffect(() => {
    if (showRow !== undefined) virtual.show(showRow, 4);
  }, [showRow]);
  const height = Math.min(count, maxRows) * LINE_HEIGHT;
  // Before the frame is measured, what it will be high is known already: the first paint is the right one.
  const to = virtual.to - virtual.from > 8 ? virtual.to : Math.min(count, Math.min(count, maxRows) + 8);
  const rows = [];
  for (let row = virtual.from; row < to; row++) {
    rows.push(
      <div key={row} class="text-row" style={{ top: `${virtual.offsetOf(row)}px` }}>
        {render(row)}
      </div>,
    );
  }
  const scrolls = count > maxRows;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a section would need a heading; this is a frame of text.
    <div
      ref={virtual.scroller}
      class={`rows-view ${extra}`}
      role="group"
      aria-label={label}
      tabIndex={scrolls || extra.includes('wide') ? 0 : -1}
      style={{ height: `${height + 10}px` }}
    >
      <div class="rows-space" style={{ height: `${virtual.spaceHeight}px` }}>
        {rows}
      </div>
    </div>
  );
}
