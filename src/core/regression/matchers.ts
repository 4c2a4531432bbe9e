import { assertNever } from '../util/assertNever.ts';
import { guardedRegExp } from '../util/guardedRegExp.ts';
import { isObject, type Json, type JsonObject } from '../util/json.ts';
import { fitsSchema, unknownKeyword } from './fitsSchema.ts';
import type { ArgumentsMatcher, ValueMatcher } from './fixture.ts';
import { containsJson, sameJson } from './sameJson.ts';

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
      return containsJson(matcher.value, value);
    case 'superset':
      return containsJson(value, matcher.value);
    case 'oneOf':
      return matcher.values.some((one) => sameJson(one, value));
    case 'schema':
      return fitsSchema(matcher.schema, value);
    case 'regex': {
      const pattern = guardedRegExp(matcher.pattern);
      return typeof value === 'string' && pattern.ok && pattern.value.test(value.slice(0, 10_000));
    }
    case 'number': {
      const number = numberIn(value);
      return number !== undefined && Math.abs(number - matcher.value) <= matcher.tolerance;
    }
    case 'ignore':
      return true;
    default:
      return assertNever(matcher);
  }
}

/** True when a value of an arguments matcher is a matcher and not a bare value. */
export function isMatcher(value: Json | ValueMatcher): value is ValueMatcher {
  return matcherProblem(value) === undefined && isObject(value) && '$match' in value;
}

/** What is wrong with a value that says it is a matcher, to follow "The matcher of x"; undefined when nothing is. */
export function matcherProblem(value: Json | ValueMatcher): string | undefined {
  if (!isObject(value) || !Object.hasOwn(value, '$match')) return undefined;
  const kind = value.$match;
  switch (kind) {
    case 'exact':
    case 'subset':
    case 'superset':
      return value.value === undefined ? 'has no value' : undefined;
    case 'oneOf':
      return Array.isArray(value.values) ? undefined : 'has no list of values';
    case 'schema': {
      if (!isObject(value.schema)) return 'has no schema';
      const unknown = unknownKeyword(value.schema);
      return unknown === undefined ? undefined : `has a schema with "${unknown}", which is not understood`;
    }
    case 'regex': {
      if (typeof value.pattern !== 'string') return 'has no pattern';
      return guardedRegExp(value.pattern).ok ? undefined : 'has a pattern that is broken or could take for ever';
    }
    case 'number':
      return typeof value.value === 'number' && typeof value.tolerance === 'number'
        ? undefined
        : 'needs a value and a tolerance';
    case 'ignore':
      return undefined;
    default:
      return `is "${String(kind)}", which is no matcher`;
  }
}

/** A number, or a text that is one as JSON writes it. */
function numberIn(value: Json): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^ *[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)? *$/.test(value)
    ? Number(value)
    : undefined;
}
