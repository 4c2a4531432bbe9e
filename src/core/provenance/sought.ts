import { assertNever } from '../util/assertNever.ts';
import { digitRuns } from './characters.ts';
import { type CalendarDay, datesIn } from './dates.ts';
import { CLOSENESS, type Closeness, findWords, type TextRange } from './findWords.ts';
import { numberAt, numbersIn } from './numbers.ts';

/** What to look for in the text that an index names: words, a number or a date, each however it is written. */
export type Sought =
  | { readonly kind: 'words'; readonly words: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'date'; readonly date: CalendarDay };

/** Where it stands in a text, as closely as it does. */
export function findSought(text: string, sought: Sought): TextRange | undefined {
  for (const closeness of CLOSENESS) {
    const range = findAsClosely(text, sought, closeness);
    if (range !== undefined) return range;
  }
  return undefined;
}

/** Where it stands in a text so closely; who looks through many texts goes through all for the closest first. */
export function findAsClosely(text: string, sought: Sought, closeness: Closeness): TextRange | undefined {
  switch (sought.kind) {
    case 'words':
      return findWords(text, sought.words, closeness);
    case 'number': {
      const value = Math.abs(sought.value);
      return closeness === 'exact'
        ? plainNumber(text, value)
        : closeness === 'loose'
          ? anyNumber(text, value)
          : undefined;
    }
    case 'date':
      return closeness === 'exact' ? findDate(text, sought.date) : undefined;
    default:
      return assertNever(sought);
  }
}

/** Mostly a number is written as numbers are, and nothing else needs to be read. */
function plainNumber(text: string, value: number): TextRange | undefined {
  const plain = String(value);
  const at = text.indexOf(plain);
  if (at < 0) return undefined;
  const [run] = digitRuns(text.slice(at, at + plain.length));
  const found = run === undefined ? undefined : numberAt(text, at + run.start, endOfDigits(text, at + run.start));
  return found?.value === value ? withCurrency(text, found) : undefined;
}

function anyNumber(text: string, value: number): TextRange | undefined {
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
