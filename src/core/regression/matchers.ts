import { type Schema, Validator } from '@cfworker/json-schema';
import { assertNever } from '../util/assertNever.ts';
import { canonicalJson } from '../util/canonical.ts';
import { isObject, type Json, type JsonObject } from '../util/json.ts';
import { escapePointerPart } from '../util/pointer.ts';
import { type Bindings, compareTexts } from './compareTexts.ts';
import type { ArgumentsMatcher, ValueMatcher } from './fixture.ts';
import { cut, guardedRegExp } from './guardedRegExp.ts';

/** Where an argument is not what was wanted. */
export interface Difference {
  /** JSON pointer into the arguments. */
  readonly pointer: string;
  readonly wanted: string;
  readonly got: string;
  /** The wanted value was redacted: it may be the same, and nobody can tell. */
  readonly hidden: boolean;
}

const KINDS: readonly string[] = [
  'exact',
  'subset',
  'superset',
  'oneOf',
  'schema',
  'regex',
  'number',
  'ignore',
] satisfies ValueMatcher['$match'][];

/** True when a value of an arguments matcher is a matcher and not a bare value. */
export function isMatcher(value: Json | ValueMatcher): value is ValueMatcher {
  return typeof value === 'object' && value !== null && '$match' in value && KINDS.includes(String(value.$match));
}

/** How a call's arguments differ from what is wanted; `[]` when they match. Arguments that the matcher does not name don't matter. */
export function differences(wanted: ArgumentsMatcher, got: JsonObject, bindings: Bindings = {}): Difference[] {
  return Object.entries(wanted).flatMap(([name, matcher]) => {
    const value = Object.hasOwn(got, name) ? got[name] : undefined;
    return differ(matcher, value, `/${escapePointerPart(name)}`, bindings);
  });
}

/** A matcher in words: `"A-1042"`, `20 ± 0.5`, `/^A-/`. */
export function wantedText(matcher: Json | ValueMatcher): string {
  if (!isMatcher(matcher)) return jsonText(matcher);
  switch (matcher.$match) {
    case 'exact':
      return jsonText(matcher.value);
    case 'subset':
      return `a part of ${jsonText(matcher.value)}`;
    case 'superset':
      return `at least ${jsonText(matcher.value)}`;
    case 'oneOf':
      return `one of ${jsonText([...matcher.values])}`;
    case 'schema':
      return `a value of the schema ${jsonText(matcher.schema)}`;
    case 'regex':
      return `/${matcher.pattern}/`;
    case 'number':
      return `${jsonText(matcher.value)} ± ${jsonText(matcher.tolerance)}`;
    case 'ignore':
      return 'anything';
    default:
      return assertNever(matcher);
  }
}

function differ(
  matcher: Json | ValueMatcher,
  got: Json | undefined,
  pointer: string,
  bindings: Bindings,
): Difference[] {
  if (!isMatcher(matcher)) return differExactly(matcher, got, pointer, bindings);
  if (matcher.$match === 'exact') return differExactly(matcher.value, got, pointer, bindings);
  const holds = got === undefined ? matcher.$match === 'ignore' : holdsFor(matcher, got, bindings);
  return holds ? [] : [difference(pointer, wantedText(matcher), got, false)];
}

function holdsFor(matcher: Exclude<ValueMatcher, { $match: 'exact' }>, got: Json, bindings: Bindings): boolean {
  switch (matcher.$match) {
    case 'subset':
      return isPartOf(got, matcher.value, bindings);
    case 'superset':
      return isPartOf(matcher.value, got, bindings);
    case 'oneOf':
      return matcher.values.some((value) => isSame(value, got, bindings));
    case 'schema':
      // A fixture is data: its schema may be anything, and the validator reports what it can't read.
      return new Validator(matcher.schema as Schema, '2020-12').validate(got).valid;
    case 'regex': {
      const pattern = guardedRegExp(matcher.pattern);
      return typeof got === 'string' && pattern.ok && pattern.value.test(cut(got, 10_000));
    }
    case 'number':
      return typeof got === 'number' && Math.abs(got - matcher.value) <= matcher.tolerance;
    case 'ignore':
      return true;
    default:
      return assertNever(matcher);
  }
}

function differExactly(wanted: Json, got: Json | undefined, pointer: string, bindings: Bindings): Difference[] {
  if (isObject(wanted) && isObject(got)) {
    const names = [...new Set([...Object.keys(wanted), ...Object.keys(got)])].sort();
    return names.flatMap((name) => {
      const here = `${pointer}/${escapePointerPart(name)}`;
      const want = Object.hasOwn(wanted, name) ? wanted[name] : undefined;
      const have = Object.hasOwn(got, name) ? got[name] : undefined;
      return want === undefined
        ? [difference(here, 'nothing', have, false)]
        : differExactly(want, have, here, bindings);
    });
  }
  if (Array.isArray(wanted) && Array.isArray(got) && wanted.length === got.length) {
    return wanted.flatMap((element, i) => differExactly(element, got[i], `${pointer}/${i}`, bindings));
  }
  if (typeof wanted === 'string' && typeof got === 'string') {
    const compared = compareTexts(wanted, got, bindings);
    return compared === 'same' ? [] : [difference(pointer, jsonText(wanted), got, compared === 'hidden')];
  }
  return got !== undefined && canonicalJson(wanted) === canonicalJson(got)
    ? []
    : [difference(pointer, jsonText(wanted), got, false)];
}

function isSame(wanted: Json, got: Json, bindings: Bindings): boolean {
  return differExactly(wanted, got, '', bindings).length === 0;
}

/** Every member and element of `part` stands in `whole` with an equal value. */
function isPartOf(part: Json, whole: Json, bindings: Bindings): boolean {
  if (isObject(part) && isObject(whole)) {
    return Object.entries(part).every(([name, value]) => {
      const other = Object.hasOwn(whole, name) ? whole[name] : undefined;
      return other !== undefined && isPartOf(value, other, bindings);
    });
  }
  if (Array.isArray(part) && Array.isArray(whole)) {
    return part.every((element) => whole.some((other) => isPartOf(element, other, bindings)));
  }
  return isSame(part, whole, bindings);
}

function difference(pointer: string, wanted: string, got: Json | undefined, hidden: boolean): Difference {
  return { pointer, wanted, got: got === undefined ? 'nothing' : jsonText(got), hidden };
}

function jsonText(value: Json): string {
  return cut(canonicalJson(value), 200);
}
