import { codeAt, digitRuns, isAsciiLetter, isDigit } from './characters.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const NAME =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const DATE = new RegExp(
  [
    '(?<!\\d)(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})(?!\\d)',
    '(?<![\\d.])(\\d{1,2})[-/.](\\d{1,2})[-/.](\\d{4})(?!\\d)',
    `\\b${NAME}\\.?\\s+(\\d{1,2})(?:st|nd|rd|th)?\\b(?:,?\\s+(\\d{4})\\b)?`,
    `\\b(\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?${NAME}\\b\\.?(?:,?\\s+(\\d{4})\\b)?`,
    '(?<!\\d)((?:19|20)\\d{2})(0[1-9]|1[0-2])([0-3]\\d)(?!\\d)',
  ].join('|'),
  'iy',
);

/** A day; of any year where none is known. */
export interface CalendarDay {
  readonly year?: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

/** A date as some text writes it. Without a year where the text gives none. */
export interface FoundDate extends CalendarDay {
  readonly start: number;
  readonly end: number;
}

/** The dates written in a text: ISO, `05/15/2024` (both ways where both are dates), `May 15th, 2024`, `15 May`. */
export function* datesIn(text: string): Generator<FoundDate> {
  let after = 0;
  for (const { start, end } of digitRuns(text)) {
    if (start < after) continue;
    const found = datesAt(text, start, end, after);
    if (found === undefined) continue;
    after = found.end;
    yield* found.dates;
  }
}

/** What may be a date, and the dates it can be read as: none for 99/99/2026, two for 05/06/2026. */
export interface DateReadings {
  readonly dates: readonly FoundDate[];
  readonly end: number;
}

/**
 * The dates whose first digits are the run `[start, end)` of a text. A month's name before it belongs to the date unless
 * it stands before `after`, where the last date ended.
 */
export function datesAt(text: string, start: number, end: number, after: number): DateReadings | undefined {
  const from = dateStart(text, start, end);
  if (from === undefined || from < after) return undefined;
  const iso = isoDateAt(text, start, end);
  if (iso !== undefined) return { dates: [iso], end: iso.end };
  DATE.lastIndex = from;
  const match = DATE.exec(text);
  return match === null ? undefined : { dates: readingsOf(match), end: from + match[0].length };
}

/** `2026-05-16`: nearly every date of a log, so it is read without the pattern. */
function isoDateAt(text: string, start: number, end: number): FoundDate | undefined {
  if (end - start !== 4 || codeAt(text, end) !== HYPHEN || codeAt(text, end + 3) !== HYPHEN) return undefined;
  if (isDigit(codeAt(text, end + 6))) return undefined;
  const year = 100 * twoDigits(text, start) + twoDigits(text, start + 2);
  const month = twoDigits(text, end + 1);
  const day = twoDigits(text, end + 4);
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? { year, month, day, start, end: end + 6 } : undefined;
}

const HYPHEN = 0x2d;

/** NaN where there are no two digits. */
function twoDigits(text: string, start: number): number {
  const tens = codeAt(text, start);
  const ones = codeAt(text, start + 1);
  return isDigit(tens) && isDigit(ones) ? (tens - 0x30) * 10 + ones - 0x30 : Number.NaN;
}

/** Where a date with these first digits would begin; undefined for most digits, which a look at their neighbours tells. */
function dateStart(text: string, start: number, end: number): number | undefined {
  const length = end - start;
  if (length === 8) return start;
  if (length !== 4 && length > 2) return undefined;
  const next = codeAt(text, end);
  // - . /
  if (next >= 0x2d && next <= 0x2f && isDigit(codeAt(text, end + 1))) return start;
  if (length > 2) return undefined;
  return monthBefore(text, start) ?? (monthAfter(text, end) ? start : undefined);
}

/** Where the name begins when a month's stands before a place: `May 15`, `Sept. 3`. */
function monthBefore(text: string, place: number): number | undefined {
  let end = place;
  while (end > 0 && isSpace(codeAt(text, end - 1))) end--;
  if (end === place) return undefined;
  if (codeAt(text, end - 1) === 0x2e) end--;
  let start = end;
  while (start > 0 && end - start < LONGEST_NAME && isAsciiLetter(codeAt(text, start - 1))) start--;
  return isMonth(text, start) && end - start >= 3 ? start : undefined;
}

/** True when a month's name may follow: ` May`, `th of June`. */
function monthAfter(text: string, place: number): boolean {
  const start = isAsciiLetter(codeAt(text, place)) ? place + 2 : place;
  let at = start;
  while (isSpace(codeAt(text, at))) at++;
  if (at === start) return false;
  return isMonth(text, at) || /^of\s/i.test(text.slice(at, at + 3));
}

const LONGEST_NAME = 'september'.length;

function isMonth(text: string, start: number): boolean {
  return MONTH_STARTS.has(
    ((codeAt(text, start) | 0x20) << 16) | ((codeAt(text, start + 1) | 0x20) << 8) | (codeAt(text, start + 2) | 0x20),
  );
}

/** The first three letters of each month, as one number. */
const MONTH_STARTS = new Set(
  MONTHS.map((name) => (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2)),
);

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0xa0 && /\s/.test(String.fromCharCode(code)));
}

function readingsOf(match: RegExpExecArray): FoundDate[] {
  const place = { start: match.index, end: match.index + match[0].length };
  const [, y, m, d, first, second, y2, name, nd, ny, dn, dname, dy, cy, cm, cd] = match;
  if (y !== undefined) return checked(place, Number(m), Number(d), Number(y));
  if (y2 !== undefined) {
    const monthFirst = checked(place, Number(first), Number(second), Number(y2));
    return first === second
      ? monthFirst
      : [...monthFirst, ...checked(place, Number(second), Number(first), Number(y2))];
  }
  if (name !== undefined) return checked(place, monthOf(name), Number(nd), yearOf(ny));
  if (dname !== undefined) return checked(place, monthOf(dname), Number(dn), yearOf(dy));
  return checked(place, Number(cm), Number(cd), Number(cy));
}

function checked(
  place: { readonly start: number; readonly end: number },
  month: number,
  day: number,
  year: number | undefined,
): FoundDate[] {
  if (month < 1 || month > 12 || day < 1 || day > 31) return [];
  const { start, end } = place;
  return [year === undefined ? { month, day, start, end } : { year, month, day, start, end }];
}

function monthOf(name: string): number {
  return MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}

function yearOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

/** A value that is a date and nothing else (a time of day after it is allowed), else undefined. */
export function asDate(value: unknown): FoundDate | undefined {
  if (typeof value !== 'string' || value.length > 40) return undefined;
  const text = value.trim();
  if (!STARTS_LIKE_DATE.test(text)) return undefined;
  for (const date of datesIn(text)) {
    if (date.start === 0 && /^(?:[T\s,]\s*\d{1,2}:\d{2}.*)?$/.test(text.slice(date.end))) return date;
  }
  return undefined;
}

/** Nearly every value is asked whether it is a date, and hardly any is. */
const STARTS_LIKE_DATE = new RegExp(`^(?:\\d|${MONTHS.join('|')})`, 'i');

/** Days since the epoch; for the distance of dates. Undefined without a year. */
export function dayNumber(date: CalendarDay): number | undefined {
  return date.year === undefined ? undefined : Math.round(Date.UTC(date.year, date.month - 1, date.day) / 86_400_000);
}

/** The day of a number that `dayNumber` gives. */
export function dayOf(number: number): CalendarDay {
  const date = new Date(number * 86_400_000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}
