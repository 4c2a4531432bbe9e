import { assertNever } from '../util/assertNever.ts';
import { digitRuns } from './characters.ts';
import { type CalendarDay, datesIn } from './dates.ts';
import { findWords, type TextRange } from './findWords.ts';
import { numberAt, numbersIn } from './numbers.ts';

/** What to look for in the text that an index names: words, a number or a date, each however it is written. */
export type Sought =
  | { readonly kind: 'words'; readonly words: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'date'; readonly date: CalendarDay };

/** Where it first stands in a text. */
export function findSought(text: string, sought: Sought): TextRange | undefined {
  switch (sought.kind) {
    case 'words':
      return findWords(text, sought.words);
    case 'number':
      return findNumber(text, Math.abs(sought.value));
    case 'date':
      return findDate(text, sought.date);
    default:
      return assertNever(sought);
  }
}

function findNumber(text: string, value: number): TextRange | undefined {
  const plain = String(value);
  const at = text.indexOf(plain);
  // Mostly it is written as numbers are, and nothing else needs to be read.
  if (at >= 0) {
    const [run] = digitRuns(text.slice(at, at + plain.length));
    const found = run === undefined ? undefined : numberAt(text, at + run.start, endOfDigits(text, at + run.start));
    if (found?.value === value) return withCurrency(text, found);
  }
  for (const number of numbersIn(text)) if (number.value === value) return withCurrency(text, number);
  return undefined;
}

function endOfDigits(text: string, start: number): number {
  let end = start;
  while (/\d/.test(text[end] ?? '')) end++;
  return end;
}

/** A number with the sign or the code of a currency that stands at it. */
function withCurrency(text: string, { start, end }: TextRange): TextRange {
  const before = /(?:[$€£¥₹]|\b(?:USD|EUR|GBP))[ \u00a0]?$/i.exec(text.slice(Math.max(0, start - 5), start));
  if (before !== null) return { start: start - before[0].length, end };
  const after = /^[ \u00a0]?(?:[€£¥₹]|(?:USD|EUR|GBP)\b)/i.exec(text.slice(end, end + 5));
  return { start, end: end + (after?.[0].length ?? 0) };
}

/** A date of a year is that day in that year; where the text gives it without one, it is that day. */
function findDate(text: string, wanted: CalendarDay): TextRange | undefined {
  let dayOnly: TextRange | undefined;
  for (const { year, month, day, start, end } of datesIn(text)) {
    if (month !== wanted.month || day !== wanted.day) continue;
    if (year === wanted.year) return { start, end };
    dayOnly ??= { start, end };
  }
  return dayOnly;
}
