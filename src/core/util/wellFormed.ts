/** The text with U+FFFD for every half of a surrogate pair that stands alone, so that it can be written as UTF-8 or XML. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
