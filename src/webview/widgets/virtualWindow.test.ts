import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clampTop,
  type Extent,
  isScaled,
  listHeight,
  MAX_SPACE,
  rowsToDraw,
  scrollOfTop,
  spaceHeight,
  topOfScroll,
  topThatShows,
} from './virtualWindow.ts';

const small: Extent = { count: 1000, rowHeight: 24, viewport: 600 };
const huge: Extent = { count: 1_000_000, rowHeight: 24, viewport: 600 };

const extents = fc.record({
  count: fc.integer({ min: 100, max: 2_000_000 }),
  rowHeight: fc.integer({ min: 16, max: 40 }),
  viewport: fc.integer({ min: 50, max: 1500 }),
});

describe('virtual window', () => {
  it('scrolls a short list as it is', () => {
    expect([spaceHeight(small), topOfScroll(small, 480), isScaled(small)]).toEqual([24_000, 480, false]);
  });

  it('maps a long list onto a shorter space, both ends meeting', () => {
    expect([spaceHeight(huge), topOfScroll(huge, 0)]).toEqual([MAX_SPACE, 0]);
    expect(topOfScroll(huge, MAX_SPACE - 600)).toBe(listHeight(huge) - 600);
  });

  it('goes from list to scroll space and back', () => {
    fc.assert(
      fc.property(extents, fc.double({ min: 0, max: 1, noNaN: true }), (extent, part) => {
        const top = clampTop(extent, part * listHeight(extent));
        expect(topOfScroll(extent, scrollOfTop(extent, top))).toBeCloseTo(top, 3);
      }),
    );
  });

  it('draws every row that is seen, and few more', () => {
    fc.assert(
      fc.property(extents, fc.double({ min: 0, max: 1, noNaN: true }), (extent, part) => {
        const top = clampTop(extent, part * listHeight(extent));
        const { from, to } = rowsToDraw(extent, top, 4);
        expect(from * extent.rowHeight).toBeLessThanOrEqual(top);
        expect(to * extent.rowHeight).toBeGreaterThanOrEqual(Math.min(top + extent.viewport, listHeight(extent)));
        expect(to - from).toBeLessThanOrEqual(extent.viewport / extent.rowHeight + 10);
      }),
    );
  });

  it('shows a row without moving more than it must', () => {
    expect(topThatShows(small, 0, 3, 0)).toBe(0);
    expect(topThatShows(small, 0, 100, 0)).toBe(101 * 24 - 600);
    expect(topThatShows(small, 5000, 100, 2)).toBe(98 * 24);
    expect(topThatShows(small, 0, 999, 2)).toBe(24_000 - 600);
  });

  it('shows any row of any list wholly', () => {
    fc.assert(
      fc.property(extents, fc.nat(), fc.nat(), (extent, seed, start) => {
        const row = seed % extent.count;
        const top = topThatShows(extent, clampTop(extent, start), row, 2);
        if (extent.viewport < extent.rowHeight) return;
        expect(top).toBeLessThanOrEqual(row * extent.rowHeight);
        expect(top + extent.viewport).toBeGreaterThanOrEqual((row + 1) * extent.rowHeight);
      }),
    );
  });
});
