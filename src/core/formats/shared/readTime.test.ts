import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTime } from './readTime.ts';

const TIME = Date.UTC(2026, 0, 5, 10, 0, 0, 500);

describe('readTime', () => {
  it.each([
    '2026-01-05T10:00:00.500Z',
    '2026-01-05T10:00:00.500000',
    '2026-01-05 10:00:00.5',
    '2026-01-05T11:00:00.5+01:00',
    TIME / 1e3,
    TIME,
    TIME * 1e3,
    TIME * 1e6,
    String(TIME),
  ])('reads %j', (recorded) => {
    expect(readTime(recorded)).toBe(TIME);
  });

  it.each(['', 'soon', -1, 0, Number.NaN, null, true, {}])('reads no time from %j', (recorded) => {
    expect(readTime(recorded)).toBeUndefined();
  });
});

it('reads the common form as Date does', () => {
  const time = fc.integer({ min: Date.UTC(1000, 0, 1), max: Date.UTC(9999, 11, 31) });
  fc.assert(
    fc.property(time, fc.nat({ max: 23 }), fc.constantFrom('0', '9', ':', 'T', 'x'), (ms, at, other) => {
      const text = new Date(ms).toISOString();
      const harmed = `${text.slice(0, at)}${other}${text.slice(at + 1)}`;
      expect(readTime(text)).toBe(ms);
      if (harmed.endsWith('Z')) expect(readTime(harmed) ?? Number.NaN).toBe(Date.parse(harmed));
    }),
  );
});
