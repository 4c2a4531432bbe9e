const PRIME = 0x01000193;

/**
 * A short digest of a text for "is it the same answer again?": its length and four 32-bit hashes, each of every
 * fourth character. Not for security; it keeps evaluators from holding on to observations.
 */
export function digestOf(text: string): string {
  const { length } = text;
  let a = 0x811c9dc5;
  let b = 0x41c6ce57;
  let c = 0x2545f491;
  let d = 0x9e3779b1;
  // Four chains that don't wait for one another.
  let i = 0;
  for (; i + 3 < length; i += 4) {
    a = Math.imul(a ^ text.charCodeAt(i), PRIME);
    b = Math.imul(b ^ text.charCodeAt(i + 1), PRIME);
    c = Math.imul(c ^ text.charCodeAt(i + 2), PRIME);
    d = Math.imul(d ^ text.charCodeAt(i + 3), PRIME);
  }
  for (; i < length; i++) a = Math.imul(a ^ text.charCodeAt(i), PRIME);
  return `${length}.${a}.${b}.${c}.${d}`;
}
