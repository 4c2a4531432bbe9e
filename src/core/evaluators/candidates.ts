import { keyOf } from '../provenance/argumentLeaves.ts';
import { leafKindOf } from '../provenance/leafKind.ts';
import { hashOfToken } from '../provenance/tokens.ts';
import type { Step } from '../trace/model.ts';
import { isObject, type Json, tryParse } from '../util/json.ts';
import { leavesOf, pointerOf } from '../util/pointer.ts';
import { observationText } from './shared/actions.ts';
import type { TargetValue } from './shared/identity.ts';
import { stepName } from './shared/wording.ts';
import type { StepPlace } from './verdict.ts';

/** One thing among several that an observation listed. */
interface Candidate {
  readonly id: string;
  readonly ids: ReadonlySet<number>;
  /** Stems of the words in it, without those that say "no" (`duplicate: false`). */
  readonly stems: ReadonlySet<string>;
  /** What it holds but for identifiers and dates; equal for two orders of the same things. */
  readonly likeness: string;
}

interface Group {
  readonly step: number;
  readonly pointer: string;
  readonly members: readonly Candidate[];
}

/** An observation that may hold lists. They are read out of its text once somebody asks, which few runs give cause to. */
interface Shown {
  readonly step: number;
  readonly pointer: string;
  /** Undefined once it was read. */
  text: string | undefined;
  /** How many lists it holds at least. */
  lists: number;
  groups: readonly Group[];
}

/** Why a choice looks wrong, with where that can be seen. */
export interface Conflict {
  /** Ends a sentence: `the user asked for the "duplicate" one, and …`. */
  readonly reason: string;
  readonly expected: string;
  readonly place: StepPlace;
}

const GROUPS = 40;
const MEMBERS = 60;
/** Characters of unread observations that are kept. Beyond that the earliest are read. */
const CHARACTERS = 1_000_000;
const LONGEST = 500_000;
const SHORTEST_LINE = 8;

/**
 * Remembers the lists that observations showed (orders, files, accounts), so that a call on one of their members can be
 * held against the user's words: did the agent pick the one that was described?
 */
export class Candidates {
  /** Earliest first. */
  private readonly shown: Shown[] = [];
  /** Characters of unread texts in `shown`, with what an entry takes. */
  private kept = 0;
  /** Lists that `shown` holds at least. */
  private certain = 0;

  add(step: Step): void {
    for (const [i, action] of step.actions.entries()) {
      if (action.observation === undefined) continue;
      const text = observationText(action);
      const lists = fewestLists(text);
      if (lists === undefined) continue;
      const pointer = pointerOf(['actions', i, 'observation', 'content', 0]);
      this.shown.push({ step: step.index, pointer, text, lists, groups: [] });
      this.certain += lists;
      this.kept += sizeOf(text);
    }
    while (this.certain - (this.shown[0]?.lists ?? 0) >= GROUPS) this.forget(0);
    for (let i = 0; i < this.shown.length && this.kept > CHARACTERS; i++) {
      if (this.shown[i]?.text !== undefined && this.read(this.shown[i]).length === 0) this.forget(i--);
    }
  }

  private forget(i: number): void {
    const [shown] = this.shown.splice(i, 1);
    this.certain -= shown?.lists ?? 0;
    this.kept -= shown?.text === undefined ? 0 : sizeOf(shown.text);
  }

  /** The lists in an observation, which then is not kept as text any longer. */
  private read(shown: Shown | undefined): readonly Group[] {
    if (shown?.text === undefined) return shown?.groups ?? [];
    const body = bodyOf(shown.text);
    const { step, pointer } = shown;
    shown.groups = body === undefined ? [] : [...listsOf(body)].map((members) => ({ step, pointer, members }));
    this.kept -= sizeOf(shown.text);
    this.certain += shown.groups.length - shown.lists;
    shown.lists = shown.groups.length;
    shown.text = undefined;
    return shown.groups;
  }

  /** The last `GROUPS` lists, latest first. */
  private *latest(): Generator<Group> {
    let left = GROUPS;
    for (let i = this.shown.length - 1; i >= 0; i--) {
      for (const group of this.read(this.shown[i]).toReversed()) {
        if (left-- === 0) return;
        yield group;
      }
    }
  }

  private latestWith(hash: number): Group | undefined {
    for (const group of this.latest()) if (group.members.some((member) => member.ids.has(hash))) return group;
    return undefined;
  }

  /** How many things of the target's kind were listed, when the target is among them. */
  choices(targets: readonly TargetValue[]): { readonly count: number; readonly place: StepPlace } | undefined {
    const found = this.groupOf(targets);
    if (found === undefined) return undefined;
    const { group } = found;
    return { count: group.members.length, place: { step: group.step, pointer: group.pointer } };
  }

  /**
   * Whether the user's words fit another member of the list and not the target: a describing word of theirs stands in
   * another record only, or they asked for a duplicate and two others are alike while the target is like none.
   */
  conflict(targets: readonly TargetValue[], userText: string): Conflict | undefined {
    const found = this.groupOf(targets);
    if (found === undefined) return undefined;
    const { group, chosen } = found;
    const others = group.members.filter((member) => member !== chosen);
    for (const [word, stem] of describingWords(userText)) {
      if (chosen.stems.has(stem)) continue;
      const fitting = others.filter((member) => member.stems.has(stem));
      const [only] = fitting;
      if (fitting.length !== 1 || only === undefined) continue;
      const place = { step: group.step, pointer: group.pointer, quote: only.id };
      const reason = `the user's word "${word}" fits ${only.id}, listed at ${stepName(group.step)}, and not ${chosen.id}`;
      return { reason, expected: only.id, place };
    }
    if (!/\b(?:duplicat\w*|doubled?|twice)\b/i.test(userText)) return undefined;
    const alike = others.filter((member) =>
      others.some((other) => other !== member && other.likeness === member.likeness),
    );
    if (alike.length !== 2 || alike.some((member) => member.likeness === chosen.likeness)) return undefined;
    const ids = alike.map((member) => member.id).join(' and ');
    return {
      reason: `the user spoke of a duplicate: ${ids}, listed at ${stepName(group.step)}, are alike, and ${chosen.id} is like neither`,
      expected: ids,
      place: { step: group.step, pointer: group.pointer, quote: alike[0]?.id ?? '' },
    };
  }

  private groupOf(targets: readonly TargetValue[]): { group: Group; chosen: Candidate } | undefined {
    for (const { hash } of targets) {
      const group = this.latestWith(hash);
      const chosen = group?.members.filter((member) => member.ids.has(hash)) ?? [];
      const [only] = chosen;
      // A value that several members share (their owner) tells none of them apart.
      if (group !== undefined && only !== undefined && chosen.length === 1) return { group, chosen: only };
    }
    return undefined;
  }
}

function sizeOf(text: string): number {
  return text.length + 100;
}

/** How many lists a text holds at least, told without reading them; undefined when it holds none. See `bodyOf`. */
function fewestLists(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST) return undefined;
  if (/^[[{]/.test(trimmed)) return 0;
  let lines = 0;
  const digit = /\d/g;
  for (let found = digit.exec(trimmed); found !== null; found = digit.exec(trimmed)) {
    const newline = trimmed.indexOf('\n', found.index);
    const end = newline < 0 ? trimmed.length : newline;
    const line = trimmed.slice(trimmed.lastIndexOf('\n', found.index) + 1, end);
    if (line.trim().length > SHORTEST_LINE) lines++;
    if (lines > MEMBERS) return undefined;
    digit.lastIndex = end;
  }
  return lines < 2 ? undefined : 1;
}

/** The JSON of an observation, also where words stand around it or each line is a record of its own. */
function bodyOf(text: string): Json | undefined {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST) return undefined;
  const whole = /^[[{]/.test(trimmed) ? tryParse(trimmed) : undefined;
  if (whole !== undefined) return whole;
  const lines = trimmed.split('\n').filter((line) => /\d/.test(line) && line.trim().length > SHORTEST_LINE);
  if (lines.length < 2 || lines.length > MEMBERS) return undefined;
  return lines.map((line) => ({ line: line.trim() }));
}

/** Every list of two or more records in a body, with what tells its members apart. */
function* listsOf(body: Json, depth = 0): Generator<readonly Candidate[]> {
  if (typeof body !== 'object' || body === null || depth > 6) return;
  const members = Array.isArray(body) ? body : Object.values(body);
  const records = members.filter(isObject).slice(0, MEMBERS);
  if (records.length >= 2 && records.length >= members.length / 2) {
    const keys = Array.isArray(body) ? [] : Object.keys(body);
    const candidates = records
      .map((record, i) => candidateOf(record, keys[i]))
      .filter((member) => member !== undefined);
    if (candidates.length >= 2) yield candidates;
  }
  for (const member of members.slice(0, MEMBERS)) yield* listsOf(member, depth + 1);
}

function candidateOf(record: Json, key: string | undefined): Candidate | undefined {
  const ids = new Set<number>();
  const stems = new Set<string>();
  const alike: string[] = [];
  let id = key !== undefined && /\d/.test(key) ? key : undefined;
  if (id !== undefined) ids.add(hashOfToken(id));
  for (const { pointer, value } of leavesOf(record)) {
    const name = keyOf(pointer);
    if (name === 'line' && typeof value === 'string') {
      const [first] = value.match(/#?[\w-]*\d[\w-]*/) ?? [];
      for (const token of value.match(/#?[\w-]*\d[\w-]*/g) ?? []) ids.add(hashOfToken(token));
      id ??= first;
      addStems(stems, value);
      alike.push(value.replace(/[\w#/:-]*\d[\w/:-]*/g, ''));
      continue;
    }
    const isId = /(?:^|_|\b)(?:id|number|no|key|code|ref|sku|name|path|email)$|Id$/.test(name);
    const kind = leafKindOf(name, value);
    if (
      (isId || kind === 'identifier' || kind === 'address' || kind === 'path') &&
      (typeof value === 'string' || typeof value === 'number')
    ) {
      if (String(value).length > 1) ids.add(hashOfToken(String(value)));
      if (isId) id ??= String(value);
    } else if (kind !== 'date') alike.push(`${name}=${String(value)}`);
    if (value === false || value === null || value === 0 || value === '') continue;
    addStems(stems, name);
    if (typeof value === 'string') addStems(stems, value);
  }
  return id === undefined || ids.size === 0 ? undefined : { id, ids, stems, likeness: alike.join(' ') };
}

function addStems(stems: Set<string>, text: string): void {
  for (const [word] of text.slice(0, 2000).matchAll(/[A-Za-z]{4,}/g)) {
    for (const part of word.split(/(?<=[a-z])(?=[A-Z])/))
      if (part.length > 3 && stems.size < 300) stems.add(stemOf(part));
  }
}

/** `duplicate`, `duplicated` and `duplicates` have one stem. */
function stemOf(word: string): string {
  return word
    .toLowerCase()
    .replace(/(?:ed|es|e|s|ing|ly)$/, '')
    .slice(0, 8);
}

/** Words that describe a thing: those between "the", "my", "that" or "a" and a noun, and those after "one". */
function describingWords(text: string): [word: string, stem: string][] {
  const found: [string, string][] = [];
  for (const match of text.matchAll(/\b(?:my|the|that|this|a|an|our|your)\s+((?:[a-z-]+\s+){1,3})(?=[a-z]+)/gi)) {
    for (const word of (match[1] ?? '').trim().split(/\s+/)) {
      if (word.length > 3 && !COMMON.has(word.toLowerCase())) found.push([word, stemOf(word)]);
    }
  }
  return found;
}

const COMMON = new Set(
  'order orders item items file files account reservation flight booking ticket from with that this your have last next same other another first been will would could please want need more very just also only'.split(
    ' ',
  ),
);
