import { type Schema, Validator } from '@cfworker/json-schema';
import { assertNever } from '../util/assertNever.ts';
import { canonicalJson } from '../util/canonical.ts';
import { guardedRegExp } from '../util/guardedRegExp.ts';
import { asNumber, isObject, type Json, type JsonObject } from '../util/json.ts';
import type { ArgumentsMatcher, ValueMatcher } from './fixture.ts';

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

/** Whether a call's arguments are what is wanted. Arguments that the matcher does not name don't matter. */
export function matchesArguments(wanted: ArgumentsMatcher, got: JsonObject): boolean {
  return Object.entries(wanted).every(([name, matcher]) =>
    matchesValue(matcher, Object.hasOwn(got, name) ? got[name] : undefined),
  );
}

/** Whether one argument is what is wanted; an absent one (undefined) is matched by `ignore` alone. */
export function matchesValue(matcher: Json | ValueMatcher, value: Json | undefined): boolean {
  if (value === undefined) return isMatcher(matcher) && matcher.$match === 'ignore';
  if (!isMatcher(matcher)) return sameJson(matcher, value);
  switch (matcher.$match) {
    case 'exact':
      return sameJson(matcher.value, value);
    case 'subset':
      return contains(matcher.value, value);
    case 'superset':
      return contains(value, matcher.value);
    case 'oneOf':
      return matcher.values.some((one) => sameJson(one, value));
    case 'schema':
      // A fixture is data: its schema may be anything, and the validator reports what it can't read.
      return new Validator(matcher.schema as Schema, '2020-12').validate(value).valid;
    case 'regex': {
      const pattern = guardedRegExp(matcher.pattern);
      return typeof value === 'string' && pattern.ok && pattern.value.test(value.slice(0, 10_000));
    }
    case 'number': {
      const number = asNumber(value);
      return number !== undefined && Math.abs(number - matcher.value) <= matcher.tolerance;
    }
    case 'ignore':
      return true;
    default:
      return assertNever(matcher);
  }
}

/** Equal as JSON: the order of members does not matter. */
export function sameJson(a: Json, b: Json): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

/** True when every member (or element) of `part` is in `whole`. */
function contains(whole: Json, part: Json): boolean {
  if (Array.isArray(part)) {
    return Array.isArray(whole) && part.every((one) => whole.some((other) => contains(other, one)));
  }
  if (isObject(part)) {
    return Object.entries(part).every(([name, member]) => {
      const other = isObject(whole) && Object.hasOwn(whole, name) ? whole[name] : undefined;
      return other !== undefined && contains(other, member);
    });
  }
  return sameJson(whole, part);
}
