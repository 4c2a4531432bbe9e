/** The code of a character, 0 before the start and beyond the end: engines are slow where `charCodeAt` gives NaN. */
export function codeAt(text: string, index: number): number {
  return index >= 0 && index < text.length ? text.charCodeAt(index) : 0;
}

/** True for the code of 0 to 9. */
export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** True for the code of an ASCII letter, of a digit and of `_`. */
export function isWordCharacter(code: number): boolean {
  return isAsciiLetter(code) || isDigit(code) || code === 0x5f;
}

/** True for the code of A to Z and a to z. */
export function isAsciiLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** The runs of digits in a text: where numbers and dates may begin. */
export function* digitRuns(text: string): Generator<{ readonly start: number; readonly end: number }> {
  for (const { 0: digits, index } of text.matchAll(/\d+/g)) yield { start: index, end: index + digits.length };
}
