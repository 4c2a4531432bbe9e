import { err, messageOf, ok, type Result } from './result.ts';

/**
 * A pattern that somebody wrote into a file, as a RegExp that is looked for anywhere in a text. Refused with a sentence
 * when it is too long or could take exponential time.
 */
export function guardedRegExp(pattern: string): Result<RegExp> {
  if (pattern.length > 300) return err(`The pattern is ${pattern.length} characters long; at most 300 are allowed.`);
  if (repeatsRepetition(pattern) || /\\[1-9]|\\k</.test(pattern)) {
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

/** A group with a quantifier or a choice inside, at any depth, and a quantifier without an end behind it: `(a+)+`, `(a|aa)*`. */
function repeatsRepetition(pattern: string): boolean {
  /** Whether each group that is open holds something that can match in more ways than one. */
  const groups: boolean[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern.charAt(i);
    if (character === '\\') i++;
    else if (character === '[') i = classEnd(pattern, i);
    else if (character === '(') {
      groups.push(false);
      // `(?:`, `(?=`, `(?<name>`: the mark is no quantifier.
      if (pattern.charAt(i + 1) === '?') i++;
    } else if (character === ')') {
      const isOpen = groups.pop() ?? false;
      if (isOpen && /^(?:[*+]|\{\d+,(?:\d{2,})?\}|\{\d{2,}\})/.test(pattern.slice(i + 1, i + 12))) return true;
      if (isOpen && groups.length > 0) groups[groups.length - 1] = true;
    } else if (groups.length > 0 && (/[*+?|]/.test(character) || /^\{\d+,/.test(pattern.slice(i, i + 12)))) {
      groups[groups.length - 1] = true;
    }
  }
  return false;
}

function classEnd(pattern: string, start: number): number {
  for (let i = start + 1; i < pattern.length; i++) {
    if (pattern.charAt(i) === '\\') i++;
    else if (pattern.charAt(i) === ']') return i;
  }
  return pattern.length;
}
