import { isDigit } from './characters.ts';
import { datesAt, dayNumber } from './dates.ts';
import type { Identifiers } from './identifiers.ts';
import { numberAt, significantDigits, standsAlone } from './numbers.ts';
import type { RecentNumbers } from './recentNumbers.ts';
import { hashOfDate, hashOfNumber, hashOfToken, type TokenSink } from './tokens.ts';
import type { TokenTable } from './tokenTable.ts';

/** Numbers that are remembered of each text, for arithmetic. */
const NUMBERS_OF_TEXT = 40;
/** Stands for the year of a date that is written without one. */
export const NO_YEAR = 0;

/** Signs that a text is not whole: a redaction's placeholder or a writer's cut. */
const CUT_OUT =
  /\[redacted\]|<redacted>|\*{3}redacted\*{3}|\[truncated\]|\[\.{3}truncated|<truncated>|\.{3} ?\[?truncated|…\[truncated|output truncated|\[\d+ (?:more )?characters? (?:truncated|omitted)/i;

/** One of these words is in each of the signs, which are looked for only around it. */
const CUT_OUT_WORDS = new Set(['redacted', 'truncated', 'omitted'].map((word) => hashOfToken(word)));
const SHORTEST_WORD = 'omitted'.length;
const LONGEST_WORD = 'truncated'.length;
/** Characters of a sign before its word: `[123456 more characters `. */
const BEFORE_WORD = 60;
const AFTER_WORD = 4;

/** What is kept of the texts of a run. */
export interface Kept {
  readonly table: TokenTable;
  readonly numbers: RecentNumbers;
  /** By day number, the first text that gave the date. */
  readonly days: Map<number, number>;
  readonly identifiers: Identifiers;
}

/** Puts what one text holds into what is kept. */
export class Collector implements TokenSink {
  /** True when the text says that something was cut out of it. */
  cutOut = false;
  private numberEnd = 0;
  private numbersKept = 0;
  private dateEnd = 0;

  // Fields of its own: a million tokens are put there.
  private readonly table: TokenTable;
  private readonly numbers: RecentNumbers;
  private readonly days: Map<number, number>;
  private readonly identifiers: Identifiers;

  constructor(
    private readonly text: string,
    private readonly number: number,
    private readonly byAgent: boolean,
    { table, numbers, days, identifiers }: Kept,
  ) {
    this.table = table;
    this.numbers = numbers;
    this.days = days;
    this.identifiers = identifiers;
  }

  atom(hash: number, start: number, end: number, hasDigit: boolean, hasLetter: boolean): void {
    const length = end - start;
    if (length < 2) return;
    if (length >= SHORTEST_WORD && length <= LONGEST_WORD && CUT_OUT_WORDS.has(hash)) {
      this.cutOut ||= CUT_OUT.test(this.text.slice(Math.max(0, start - BEFORE_WORD), end + AFTER_WORD));
    }
    const isNew = this.table.add(hash, this.number, this.byAgent);
    if (!isNew || !hasDigit || length < 4) return;
    if (!this.byAgent) this.identifiers.add(this.text, start, end, this.number);
    // The digits of `W2378156` are often all that is said of it later.
    if (hasLetter) this.digitsInside(start, end);
  }

  chunk(hash: number, start: number, end: number, hasDigit: boolean, hasLetter: boolean, atoms: number): void {
    if (atoms === 1) return;
    const isNew = this.table.add(hash, this.number, this.byAgent);
    if (isNew && hasDigit && hasLetter && !this.byAgent) this.identifiers.add(this.text, start, end, this.number);
  }

  digits(start: number, end: number): void {
    if (start >= this.numberEnd) this.addNumber(start, end);
    if (start >= this.dateEnd) this.addDates(start, end);
  }

  private addNumber(start: number, end: number): void {
    const found = numberAt(this.text, start, end);
    if (found === undefined) return;
    this.numberEnd = found.end;
    const { value } = found;
    this.table.add(hashOfNumber(value), this.number, this.byAgent);
    if (this.byAgent || this.numbersKept >= NUMBERS_OF_TEXT) return;
    if (significantDigits(value) < 2 || !standsAlone(this.text, found)) return;
    this.numbers.add(value, this.number);
    this.numbersKept++;
  }

  private addDates(start: number, end: number): void {
    const found = datesAt(this.text, start, end, this.dateEnd);
    if (found === undefined) return;
    this.dateEnd = found.end;
    for (const date of found.dates) {
      this.table.add(hashOfDate(date.year ?? NO_YEAR, date.month, date.day), this.number, this.byAgent);
      this.table.add(hashOfDate(undefined, date.month, date.day), this.number, this.byAgent);
      const day = dayNumber(date);
      if (!this.byAgent && day !== undefined && !this.days.has(day)) this.days.set(day, this.number);
    }
  }

  private digitsInside(start: number, end: number): void {
    for (let from = start; from < end; from++) {
      let to = from;
      while (to < end && isDigit(this.text.charCodeAt(to))) to++;
      if (to - from >= 4) this.table.add(hashOfToken(this.text, from, to), this.number, this.byAgent);
      from = to;
    }
  }
}
