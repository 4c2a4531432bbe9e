import { leafKindOf } from '../provenance/leafKind.ts';
import { keyOf } from '../provenance/originsOf.ts';
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

/** Why a choice looks wrong, with where that can be seen. */
export interface Conflict {
  /** Ends a sentence: `the user asked for the "duplicate" one, and …`. */
  readonly reason: string;
  readonly expected: string;
  readonly place: StepPlace;
}

const GROUPS = 40;
const MEMBERS = 60;

/**
 * Remembers the lists that observations showed (orders, files, accounts), so that a call on one of their members can be
 * held against the user's words: did the agent pick the one that was described?
 */
export class Candidates {
  private readonly groups: Group[] = [];

  add(step: Step): void {
    for (const [i, action] of step.actions.entries()) {
      if (action.observation === undefined) continue;
      const pointer = pointerOf(['actions', i, 'observation', 'content', 0]);
      const body = bodyOf(observationText(action));
      for (const members of body === undefined ? [] : listsOf(body)) {
        this.groups.push({ step: step.index, pointer, members });
        if (this.groups.length > GROUPS) this.groups.shift();
      }
    }
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
      const group = this.groups.findLast(({ members }) => members.some((member) => member.ids.has(hash)));
      const chosen = group?.members.filter((member) => member.ids.has(hash)) ?? [];
      const [only] = chosen;
      // A value that several members share (their owner) tells none of them apart.
      if (group !== undefined && only !== undefined && chosen.length === 1) return { group, chosen: only };
    }
    return undefined;
  }
}

/** The JSON of an observation, also where words stand around it or each line is a record of its own. */
function bodyOf(text: string): Json | undefined {
  const trimmed = text.trim();
  if (trimmed.length > 500_000) return undefined;
  const whole = /^[[{]/.test(trimmed) ? tryParse(trimmed) : undefined;
  if (whole !== undefined) return whole;
  const lines = trimmed.split('\n').filter((line) => /\d/.test(line) && line.trim().length > 8);
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
