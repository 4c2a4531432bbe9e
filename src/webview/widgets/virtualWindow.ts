/**
 * The arithmetic of a virtual list of equal rows. Browsers refuse elements higher than some 33 million pixels (at twice
 * the pixel density, half of that), so a longer list is mapped onto a shorter scroll space: `top` is a position in the
 * list in pixels, `scrollTop` one in the scroll space.
 */
export interface Extent {
  readonly count: number;
  readonly rowHeight: number;
  /** Height of what is seen, in pixels. */
  readonly viewport: number;
}

/** Height of the scroll space at most, in pixels. */
export const MAX_SPACE = 8_000_000;

export function listHeight({ count, rowHeight }: Extent): number {
  return count * rowHeight;
}

export function spaceHeight(extent: Extent): number {
  return Math.min(listHeight(extent), MAX_SPACE);
}

export function isScaled(extent: Extent): boolean {
  return listHeight(extent) > MAX_SPACE;
}

export function topOfScroll(extent: Extent, scrollTop: number): number {
  if (!isScaled(extent)) return clampTop(extent, scrollTop);
  const ratio = scrollTop / (spaceHeight(extent) - extent.viewport);
  return clampTop(extent, ratio * (listHeight(extent) - extent.viewport));
}

export function scrollOfTop(extent: Extent, top: number): number {
  if (!isScaled(extent)) return clampTop(extent, top);
  const ratio = clampTop(extent, top) / (listHeight(extent) - extent.viewport);
  return ratio * (spaceHeight(extent) - extent.viewport);
}

export function clampTop(extent: Extent, top: number): number {
  return Math.max(0, Math.min(top, listHeight(extent) - extent.viewport));
}

/** Rows `[from, to)` to draw around what is seen. */
export function rowsToDraw(extent: Extent, top: number, overscan: number): { from: number; to: number } {
  const from = Math.max(0, Math.floor(top / extent.rowHeight) - overscan);
  const to = Math.min(extent.count, Math.ceil((top + extent.viewport) / extent.rowHeight) + overscan);
  return { from, to: Math.max(from, to) };
}

/** The nearest `top` at which a row is wholly seen, with `margin` rows around it where there is room. */
export function topThatShows(extent: Extent, top: number, row: number, margin: number): number {
  const room = Math.min(margin, Math.floor((extent.viewport / extent.rowHeight - 1) / 2));
  const highest = (row - room) * extent.rowHeight;
  const lowest = (row + 1 + room) * extent.rowHeight - extent.viewport;
  if (top > highest) return clampTop(extent, highest);
  if (top < lowest) return clampTop(extent, lowest);
  return clampTop(extent, top);
}
