import { err, messageOf, ok, type Result } from '../util/result.ts';

/** A group with a quantifier inside and another one behind it (`(a+)+`), which can take exponential time. */
const NESTED = /\((?:[^()\\]|\\.)*[+*}](?:[^()\\]|\\.)*\)[+*{]/;

/**
 * A fixture's pattern as a RegExp that is looked for anywhere in a text. Refused with a sentence when it is too long or
 * could hang a test.
 */
export function guardedRegExp(pattern: string): Result<RegExp> {
  if (pattern.length > 300) return err(`The pattern is ${pattern.length} characters long; at most 300 are allowed.`);
  if (NESTED.test(pattern) || /\\[1-9]/.test(pattern)) {
    return err(
      `The pattern /${pattern}/ could take for ever: it repeats a repetition or refers back. Write it simpler.`,
    );
  }
  try {
    return ok(new RegExp(pattern, 'u'));
  } catch (thrown) {
    return err(messageOf(thrown));
  }
}
