import { asDate } from '../dates.ts';
import type { Derivation } from './derivation.ts';

/** "The day after", "next week": how far a date may be from one that was given, in days. */
const DAYS = 7;

export const nearDate: Derivation = {
  id: 'near-date',
  summary: 'a date at most a week from one that was given, or one with a year added: `2026-05-17` from `2026-05-16`',
  grounds: ({ index, value, leaf, before }) => {
    const date = leaf === 'date' ? asDate(value) : undefined;
    if (date === undefined) return undefined;
    const noYear = index.dayOfYear(date, before).given;
    if (noYear !== undefined) {
      return { how: 'with another year or a year added', parents: [{ text: noYear, sought: { kind: 'date', date } }] };
    }
    const near = index.nearbyDay(date, DAYS, before);
    if (near === undefined) return undefined;
    const days = Math.abs(near.distance);
    const how = `${days} ${days === 1 ? 'day' : 'days'} ${near.distance > 0 ? 'after' : 'before'} a date that was given`;
    return { how, parents: [{ text: near.text, sought: { kind: 'date', date: near.date } }] };
  },
};
