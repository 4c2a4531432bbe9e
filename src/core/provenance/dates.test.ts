import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asDate, datesIn, dayNumber } from './dates.ts';

const dates = (text: string) => [...datesIn(text)].map(({ year, month, day }) => [year, month, day]);

describe('datesIn', () => {
  it.each<[string, (number | undefined)[][]]>([
    ['on 2026-05-16T10:00', [[2026, 5, 16]]],
    ['on 2026/5/16', [[2026, 5, 16]]],
    ['on 05/16/2026', [[2026, 5, 16]]],
    [
      'on 05/06/2026',
      [
        [2026, 5, 6],
        [2026, 6, 5],
      ],
    ],
    ['May 16th, 2026', [[2026, 5, 16]]],
    ['16 May 2026', [[2026, 5, 16]]],
    ['the 3rd of June', [[undefined, 6, 3]]],
    ['Sept 3', [[undefined, 9, 3]]],
    ['id 20260516', [[2026, 5, 16]]],
    ['on 99/99/2026', []],
    ['2026-13-16 or 2026-5-16', [[2026, 5, 16]]],
    ['2026-05-161', []],
    ['1 May 15', [[undefined, 5, 1]]],
    ['5 minutes, 10 a day', []],
    ['due Dec.  24, 2026', [[2026, 12, 24]]],
    ['you may 3', [[undefined, 5, 3]]],
  ])('%s', (text, expected) => {
    expect(dates(text)).toEqual(expected);
  });

  it('reads every ISO date back', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
        (date) => {
          const iso = date.toISOString().slice(0, 10);
          const found = asDate(iso);
          expect(found && dayNumber(found)).toBe(Math.floor(date.getTime() / 86_400_000));
        },
      ),
    );
  });
});

describe('asDate', () => {
  it('takes a date with a time, and nothing that only holds a date', () => {
    expect(asDate('2026-05-16 10:30')).toMatchObject({ month: 5, day: 16 });
    expect(asDate('report-2026-05-16.csv')).toBeUndefined();
    expect(asDate('2026-05-16.csv')).toBeUndefined();
    expect(asDate(20260516)).toBeUndefined();
  });
});
