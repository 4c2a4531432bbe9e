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
  'gi',
);

/** A date as some text writes it. Without a year where the text gives none. */
export interface FoundDate {
  readonly year?: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly start: number;
  readonly end: number;
}

/** The dates written in a text: ISO, `05/15/2024` (both ways where both are dates), `May 15th, 2024`, `15 May`. */
export function* datesIn(text: string): Generator<FoundDate> {
  for (const match of text.matchAll(DATE)) {
    const place = { start: match.index, end: match.index + match[0].length };
    const [, y, m, d, first, second, y2, name, nd, ny, dn, dname, dy, cy, cm, cd] = match;
    if (y !== undefined) yield* checked(place, Number(m), Number(d), Number(y));
    else if (y2 !== undefined) {
      yield* checked(place, Number(first), Number(second), Number(y2));
      if (first !== second) yield* checked(place, Number(second), Number(first), Number(y2));
    } else if (name !== undefined) yield* checked(place, monthOf(name), Number(nd), yearOf(ny));
    else if (dname !== undefined) yield* checked(place, monthOf(dname), Number(dn), yearOf(dy));
    else yield* checked(place, Number(cm), Number(cd), Number(cy));
  }
}

function* checked(
  place: { start: number; end: number },
  month: number,
  day: number,
  year: number | undefined,
): Generator<FoundDate> {
  if (month < 1 || month > 12 || day < 1 || day > 31) return;
  yield { ...place, month, day, ...(year !== undefined && { year }) };
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
  for (const date of datesIn(text)) {
    if (date.start === 0 && /^(?:[T\s,]\s*\d{1,2}:\d{2}.*)?$/.test(text.slice(date.end))) return date;
  }
  return undefined;
}

/** Days since the epoch; for the distance of dates. Undefined without a year. */
export function dayNumber(date: FoundDate): number | undefined {
  return date.year === undefined ? undefined : Math.round(Date.UTC(date.year, date.month - 1, date.day) / 86_400_000);
}
