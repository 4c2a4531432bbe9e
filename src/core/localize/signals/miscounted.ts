import { quoted } from '../../evaluators/shared/say.ts';
import { stepName } from '../../evaluators/shared/wording.ts';
import type { Action, Step } from '../../trace/model.ts';
import { isObject, type Json, tryParse } from '../../util/json.ts';
import type { Sign, Signal, SignalObserver } from './signal.ts';
import { isAgents, spoken } from './speech.ts';

const WEIGHT = 0.5;
/** Results that are remembered: what is counted was mostly read just before. */
const REMEMBERED = 8;
const LONGEST_RESULT = 500_000;
/** Lists of fewer things are counted right, and mentioned in passing. */
const FEWEST = 4;

export const miscounted: Signal = {
  id: 'sign.miscounted',
  title: 'A count that fits no list that was read',
  definition:
    'An agent says how many options, items or results are available, right after it read a list of them; and neither the ' +
    'whole list nor the part of it that is marked as available has that many.',
  start: () => new MiscountedObserver(),
};

class MiscountedObserver implements SignalObserver {
  #read: { step: number; counts: ReadonlySet<number> }[] = [];
  readonly #signs: Sign[] = [];

  step(step: Step): void {
    if (step.kind === 'user') this.#read = [];
    if (!isAgents(step)) return;
    const claim = step.actions.length === 0 ? COUNT.exec(spoken(step)) : null;
    const said = Number(claim?.[1]);
    const last = this.#read.at(-1);
    if (claim !== null && last !== undefined && said >= FEWEST && !this.#read.some(({ counts }) => counts.has(said))) {
      this.#signs.push({
        step: step.index,
        weight: WEIGHT,
        reason: `Says ${quoted(claim[0])}, but no list in the result of ${stepName(last.step)} has ${said}; it counts ${[...last.counts].sort((a, b) => a - b).join(', ')}.`,
      });
    }
    for (const action of step.actions) {
      const counts = countsIn(action);
      if (counts.size > 0) this.#read.push({ step: step.index, counts });
    }
    this.#read = this.#read.slice(-REMEMBERED);
  }

  finish(): readonly Sign[] {
    return this.#signs;
  }
}

const COUNT =
  /\b(?:there (?:are|is)(?: currently)?|we (?:currently )?have|I (?:have )?found|a total of)\s+\**(\d{1,4})\**\s+(?:available\s+)?(?:[\w'-]+\s+){0,3}(?:options?|items?|variants?|results?|products?|entries|choices|kinds|types|records|rows|files|matches)\b/i;

/** The sizes of all lists in a result, and of their parts that share a flag which is true. */
function countsIn({ observation }: Action): ReadonlySet<number> {
  const counts = new Set<number>();
  for (const part of observation?.content ?? []) {
    const text = part.type === 'text' && part.text.length <= LONGEST_RESULT ? part.text : undefined;
    const value = part.type === 'json' ? part.value : text === undefined ? undefined : tryParse(text);
    if (value !== undefined) addCounts(value, counts, 0);
  }
  return counts;
}

const DEEPEST = 8;

function addCounts(value: Json, counts: Set<number>, depth: number): void {
  if (depth > DEEPEST || typeof value !== 'object' || value === null) return;
  const members = Array.isArray(value) ? value : Object.values(value);
  const flags = new Map<string, number>();
  for (const member of members) {
    if (isObject(member)) {
      for (const [name, flag] of Object.entries(member)) if (flag === true) flags.set(name, (flags.get(name) ?? 0) + 1);
    }
    addCounts(member, counts, depth + 1);
  }
  if (
    members.length >= FEWEST &&
    (Array.isArray(value) || members.every((member) => typeof member === typeof members[0]))
  ) {
    counts.add(members.length);
    for (const count of flags.values()) counts.add(count);
  }
}
