import type { Action } from '../../trace/model.ts';
import { canonicalJson } from '../../util/canonical.ts';
import { asNumber, field, type Json } from '../../util/json.ts';
import { escapePointerPart, leavesOf, resolvePointer } from '../../util/pointer.ts';
import { cut } from '../shared/wording.ts';
import type { ArgumentRule } from './policy.ts';

/** An argument that is not as the policy wants it. */
export interface Breach {
  /** JSON pointer into the arguments. */
  readonly pointer: string;
  /** Ends a sentence that begins with the tool: `refund: amount is more than 100`. */
  readonly words: string;
  readonly expected: string;
  readonly actual?: string;
}

/** Characters of a value in which patterns are looked for. */
const LOOKED_AT = 20_000;

/** Where the arguments of a call break rules by the argument's name or JSON pointer. */
export function breachesOf(action: Action, rules: Readonly<Record<string, ArgumentRule>>): Breach[] {
  return Object.entries(rules).flatMap(([name, rule]) => {
    const pointer = name.startsWith('/') ? name : `/${escapePointerPart(name)}`;
    const value = name.startsWith('/') ? resolvePointer(action.arguments, name) : field(action.arguments, name);
    if (value === undefined) {
      return rule.required ? [{ pointer: '', words: `${name} is missing`, expected: `${name} is given` }] : [];
    }
    return [...leavesOf(value, pointer)].flatMap((leaf) => {
      const broken = brokenRule(rule, leaf.value);
      if (broken === undefined) return [];
      const [words, expected] = broken;
      return [{ pointer: leaf.pointer, words: `${name} ${words}`, expected, actual: cut(textOf(leaf.value), 100) }];
    });
  });
}

/** What is wrong with a value, and what is wanted; undefined when nothing is. */
function brokenRule(rule: ArgumentRule, value: Json): [words: string, expected: string] | undefined {
  const text = textOf(value).slice(0, LOOKED_AT);
  if (rule.matches !== undefined && !rule.matches.test(text)) {
    return [`does not match ${rule.matches.source}`, `a match of ${rule.matches.source}`];
  }
  if (rule.notMatches?.test(text)) {
    return [`matches ${rule.notMatches.source}, which the policy forbids`, `no match of ${rule.notMatches.source}`];
  }
  const isOneOf = (values: readonly Json[]) => values.some((one) => canonicalJson(one) === canonicalJson(value));
  if (rule.oneOf !== undefined && !isOneOf(rule.oneOf)) {
    const wanted = rule.oneOf.map(textOf).join(', ');
    return [`is none of ${cut(wanted)}`, `one of ${cut(wanted)}`];
  }
  if (rule.notOneOf !== undefined && isOneOf(rule.notOneOf)) {
    return ['is a value that the policy forbids', `none of ${cut(rule.notOneOf.map(textOf).join(', '))}`];
  }
  const amount = asNumber(value);
  if (rule.min !== undefined && (amount === undefined || amount < rule.min)) {
    return [amount === undefined ? 'is no number' : `is less than ${rule.min}`, `at least ${rule.min}`];
  }
  if (rule.max !== undefined && (amount === undefined || amount > rule.max)) {
    return [amount === undefined ? 'is no number' : `is more than ${rule.max}`, `at most ${rule.max}`];
  }
  return undefined;
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
