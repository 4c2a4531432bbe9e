/** Shortest token that is judged by its looks; below it chance makes ids look random. */
const SHORTEST = 24;
/** Of the neighbours in random base-62 text about 62 % differ in class, of `camelCaseNames2` about 25 %. */
const MIXING = 0.45;
/** Bits a character. */
const ENTROPY = 3.5;

/**
 * Whether a token looks drawn at random, as keys are: long, upper and lower case and digits mixed all over. Hashes and
 * UUIDs (one case) are identifiers, which tests need, and pass.
 */
export function looksRandom(token: string): boolean {
  const bare = token.replace(/=+$/, '');
  if (bare.length < SHORTEST || (bare.match(/\d/g) ?? []).length < 3) return false;
  if (!/[a-z]/.test(bare) || !/[A-Z]/.test(bare)) return false;
  let changes = 0;
  for (let i = 1; i < bare.length; i++) if (classOf(bare, i) !== classOf(bare, i - 1)) changes++;
  return changes / (bare.length - 1) >= MIXING && entropyOf(bare) >= ENTROPY;
}

function classOf(text: string, i: number): 'upper' | 'lower' | 'digit' | 'sign' {
  const character = text.charAt(i);
  if (/[a-z]/.test(character)) return 'lower';
  if (/[A-Z]/.test(character)) return 'upper';
  return /\d/.test(character) ? 'digit' : 'sign';
}

/** Shannon entropy of a text's characters, in bits a character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
