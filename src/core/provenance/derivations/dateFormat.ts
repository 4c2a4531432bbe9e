import { asDate } from '../dates.ts';
import { type Derivation, standsIn } from './derivation.ts';

export const dateFormat: Derivation = {
  id: 'date-format',
  summary: 'the same date in another format: `2026-05-16` from `May 16th, 2026`',
  grounds: ({ index, value, leaf, before }) => {
    const date = leaf === 'date' ? asDate(value) : undefined;
    return date === undefined ? undefined : standsIn(index.date(date, before).given, { kind: 'date', date });
  },
  spelling: (quote, value) => {
    const [date, quoted] = [asDate(value), asDate(quote)];
    if (date === undefined || quoted === undefined) return undefined;
    const isSame =
      date.year === quoted.year &&
      // 05/06 can be read both ways.
      [date.month, date.day].sort().join() === [quoted.month, quoted.day].sort().join();
    return isSame ? 'another way to write the date' : undefined;
  },
};
