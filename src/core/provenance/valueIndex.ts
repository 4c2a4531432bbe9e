import type { Run, Step } from '../trace/model.ts';
import { allowedValues } from './allowedValues.ts';
import { Collector, NO_YEAR } from './collector.ts';
import { type CalendarDay, dayNumber, dayOf } from './dates.ts';
import { Identifiers } from './identifiers.ts';
import { RecentNumbers } from './recentNumbers.ts';
import { textsOf } from './stepTexts.ts';
import { type IndexedText, TextPlaces } from './textPlaces.ts';
import { hashOfDate, hashOfNumber, scanTokens } from './tokens.ts';
import { TokenTable } from './tokenTable.ts';

export type { IndexedText } from './textPlaces.ts';

/** Where a token was first given to the agent, and where the agent first said it; only earlier than the step asked for. */
export interface Seen {
  readonly given?: IndexedText;
  readonly own?: IndexedText;
}

/** A date that was given, near another one. */
export interface NearDay {
  readonly text: IndexedText;
  /** Days from it to the date that was asked for, negative when it is the later one. */
  readonly distance: number;
  readonly date: CalendarDay;
}

export interface Similar {
  readonly value: string;
  readonly text: IndexedText;
}

/** Texts that say they are cut that are remembered. */
const MOST_INCOMPLETE = 10_000;
/** Characters of texts that wait to be read: few enough that reading them holds nobody up. */
const MOST_WAITING = 2_000_000;
/**
 * Characters that are read of each end of a text that is longer than both together. 50 MB in one observation take seconds
 * to read, in which nobody else gets an answer; what agents use of such a text they mostly ask for again in pieces.
 */
const END_READ = 1_000_000;

/**
 * What a run's texts hold, built as its steps stream past: tokens, numbers and dates with the first place of each, and a
 * few identifiers by shape. No text is kept. All questions are about what stood before a given step, so an index of a
 * whole run answers for any step of it.
 *
 * Reading texts is most of what judging a long run costs, and in many runs nothing is ever asked. So texts wait until the
 * first question. When too many wait, they are let go if their steps can be given again (`rereads`): see `relieve`.
 */
export class ValueIndex {
  private readonly kept = emptyKept();
  private readonly texts = new TextPlaces();
  private allowedTokens: TokenTable | undefined;
  private last = -1;
  private waiting: { readonly place: IndexedText; readonly text: string }[] = [];
  private waitingSize = 0;
  private missingFrom: number | undefined;
  private readonly cutTexts: IndexedText[] = [];
  private firstUnread: IndexedText | undefined;

  /** `rereads`: whoever asks gives the steps again that are missing. */
  constructor(
    readonly run: Run,
    private rereads = false,
  ) {
    const step = -1;
    if (run.systemPrompt !== undefined)
      this.addText({ step, pointer: '/systemPrompt', role: 'system' }, run.systemPrompt);
    const goalIsStep = run.goalStep !== undefined;
    if (run.goal !== undefined && !goalIsStep) this.addText({ step, pointer: '/goal', role: 'user' }, run.goal);
  }

  /** True when memory's bound was reached and later values are not known. */
  get full(): boolean {
    this.readWaiting();
    return this.kept.table.full || this.kept.numbers.full;
  }

  /** Steps with a text that says something was cut out of it, or that is too long to be read whole. */
  get incomplete(): readonly IndexedText[] {
    this.readWaiting();
    return this.cutTexts;
  }

  /** The first of the texts given to the agent of which only the ends were read. */
  get unread(): IndexedText | undefined {
    this.readWaiting();
    return this.firstUnread;
  }

  /** The first of the steps that were let go and have to be given to `addMissing` before anything is asked. */
  get missing(): number | undefined {
    return this.missingFrom;
  }

  /** Adds all texts of a step. Steps must come in order; a step that was added is not added again. */
  add(step: Step): void {
    if (step.index <= this.last) return;
    this.last = step.index;
    if (this.missingFrom !== undefined) return;
    this.addTexts(step);
    if (this.waitingSize > MOST_WAITING && !this.rereads) this.readTexts();
  }

  /** Lets waiting texts go when there are too many, once nothing is asked of the last step any more. */
  relieve(): void {
    if (this.waitingSize > MOST_WAITING && this.rereads && this.missingFrom === undefined) this.letGo();
  }

  /** Adds a missing step; they come in order, too, up to the last one that was added. Then none is let go again. */
  addMissing(step: Step): void {
    this.rereads = false;
    this.addTexts(step);
    this.missingFrom = step.index < this.last ? step.index + 1 : undefined;
    if (this.waitingSize > MOST_WAITING) this.readTexts();
  }

  private addTexts(step: Step): void {
    textsOf(step, (place, text) => this.addText(place, text));
  }

  /** True for a token, number or date that a schema of the run's tools allows by name. */
  allows(hash: number): boolean {
    this.allowedTokens ??= tokensIn(allowedValues(this.run.tools ?? []));
    return this.allowedTokens.first(hash, false) !== undefined;
  }

  /** Where a token (any value, of which only letters and digits count) stood before a step. */
  token(hash: number, before: number): Seen {
    return this.seen(hash, before);
  }

  /** Where a number stood before a step, however it was written. */
  number(value: number, before: number): Seen {
    return this.seen(hashOfNumber(Math.abs(value)), before);
  }

  /** Where a date stood before a step, with its year when it has one. */
  date(date: CalendarDay, before: number): Seen {
    return this.seen(hashOfDate(date.year ?? NO_YEAR, date.month, date.day), before);
  }

  /** Where a day of the year stood before a step, whatever the year. */
  dayOfYear(date: CalendarDay, before: number): Seen {
    return this.seen(hashOfDate(undefined, date.month, date.day), before);
  }

  /** The closest date given before a step that is at most `days` away, with the signed distance to it. */
  nearbyDay(date: CalendarDay, days: number, before: number): NearDay | undefined {
    this.readWaiting();
    const day = dayNumber(date);
    if (day === undefined) return undefined;
    for (let distance = 1; distance <= days; distance++) {
      for (const sign of [-1, 1]) {
        const text = this.texts.at(this.kept.days.get(day + sign * distance) ?? -1);
        if (text !== undefined && text.step < before) {
          return { text, distance: -sign * distance, date: dayOf(day + sign * distance) };
        }
      }
    }
    return undefined;
  }

  /** Distinct numbers given to the agent before a step, latest texts first, at most `most`. */
  recentNumbers(before: number, most: number): { value: number; text: IndexedText }[] {
    this.readWaiting();
    return this.kept.numbers.before(this.texts.firstFrom(before), most).flatMap(({ value, text }) => {
      const place = this.texts.at(text);
      return place === undefined ? [] : [{ value, text: place }];
    });
  }

  /** Identifiers of the same shape (letters and digits at the same places) given before a step, latest last. */
  sameShape(value: string, before: number): Similar[] {
    this.readWaiting();
    return this.kept.identifiers.sameShape(value).flatMap((known) => {
      const text = this.texts.at(known.text);
      return text !== undefined && text.step < before ? [{ value: known.value, text }] : [];
    });
  }

  /** An identifier given to the agent before a step that a value is a piece of: the last four digits of a card. */
  withPiece(value: string, before: number): Similar | undefined {
    this.readWaiting();
    const found = this.kept.identifiers.withPiece(value, this.texts.firstFrom(before));
    const text = this.texts.at(found?.text ?? -1);
    return found === undefined || text === undefined ? undefined : { value: found.value, text };
  }

  private seen(hash: number, before: number): Seen {
    this.readWaiting();
    const given = this.texts.at(this.kept.table.first(hash, false) ?? -1);
    const own = this.texts.at(this.kept.table.first(hash, true) ?? -1);
    return {
      ...(given !== undefined && given.step < before && { given }),
      ...(own !== undefined && own.step < before && { own }),
    };
  }

  private addText(place: IndexedText, text: string): void {
    this.waiting.push({ place, text });
    this.waitingSize += Math.min(text.length, 2 * END_READ);
  }

  /** Lets the waiting texts go, but for those that belong to no step. */
  private letGo(): void {
    this.missingFrom = this.waiting.find(({ place }) => place.step >= 0)?.place.step;
    this.waiting = this.waiting.filter(({ place }) => place.step < 0);
    this.waitingSize = 0;
  }

  private readWaiting(): void {
    if (this.missingFrom !== undefined) throw new Error(`Step ${this.missingFrom + 1} was not given again.`);
    // From the first question on, others will follow.
    this.rereads = false;
    if (this.waiting.length > 0) this.readTexts();
  }

  private readTexts(): void {
    const { waiting } = this;
    this.waiting = [];
    this.waitingSize = 0;
    for (const { place, text } of waiting) this.readText(place, endsOf(text), text.length > 2 * END_READ);
  }

  private readText(place: IndexedText, text: string, isLong: boolean): void {
    const number = this.texts.length;
    this.texts.push(place);
    const byAgent = place.role === 'agent';
    const collector = new Collector(text, number, byAgent, this.kept);
    scanTokens(text, collector);
    if (!byAgent && isLong) this.firstUnread ??= place;
    if (!byAgent && (isLong || collector.cutOut) && this.cutTexts.length < MOST_INCOMPLETE) this.cutTexts.push(place);
  }
}

/** What is read of a text: all of it, or both ends with a break between them. */
function endsOf(text: string): string {
  return text.length <= 2 * END_READ ? text : `${text.slice(0, END_READ)}\n${text.slice(-END_READ)}`;
}

function emptyKept() {
  return {
    table: new TokenTable(),
    numbers: new RecentNumbers(),
    days: new Map<number, number>(),
    identifiers: new Identifiers(),
  };
}

/** What one text holds, by itself. */
function tokensIn(text: string): TokenTable {
  const kept = emptyKept();
  scanTokens(text, new Collector(text, 0, false, kept));
  return kept.table;
}
