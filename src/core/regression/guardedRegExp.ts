import { err, messageOf, ok, type Result } from '../util/result.ts';

/** A group with a quantifier inside and another one behind it (`(a+)+`), which can take exponential time. */
const NESTED = /\((?:[^()\\]|\\.)*[+*}](?:[^()\\]|\\.)*\)[+*{]/;

/** A fixture's pattern as a RegExp, found anywhere in a text; refused when it is long or could hang a test. */
export function guardedRegExp(pattern: string): Result<RegExp> {
  if (pattern.length > 300) return err(`The pattern is ${pattern.length} characters long; at most 300 are allowed.`);
  if (NESTED.test(pattern) || /\\[1-9]/.test(pattern)) {
    return err(`The pattern /${pattern}/ may take for ever: it repeats a repetition or refers back.`);
  }
  try {
    return ok(new RegExp(pattern));
  } catch (thrown) {
    return err(messageOf(thrown));
  }
}

/** The first `max` characters (code points), with "…" where something was cut off. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const characters = [...text.slice(0, max * 2)];
  return characters.length > max ? `${characters.slice(0, max).join('')}…` : text;
}
