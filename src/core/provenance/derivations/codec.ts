import { wordsGiven } from './asItStands.ts';
import type { Asked, Grounds } from './derivation.ts';

/** Longer values are files, which nobody encodes to use them as an argument. */
const LONGEST = 4000;
/** What is shorter stands by chance in any encoding. */
const SHORTEST = 3;

/** Where the other form of an encoded or decoded value stands. */
export function throughCodec(
  asked: Asked,
  how: string,
  formsOf: (value: string) => readonly string[],
): Grounds | undefined {
  const { value } = asked;
  if (typeof value !== 'string' || value.length > LONGEST) return undefined;
  for (const form of formsOf(value)) {
    if (form === value || form.length < SHORTEST) continue;
    const found = wordsGiven(asked, form);
    if (found !== undefined) return { how, parents: found.parents };
  }
  return undefined;
}

/** What a decoder answers; undefined when it throws. */
export function attempt(decode: () => string): string | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}
