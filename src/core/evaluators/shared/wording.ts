/** Words for people: `counted(1, 'call')` is "1 call", `counted(3, 'call')` is "3 calls". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** One line of at most `max` characters, with an ellipsis where something was left out. */
export function cut(text: string, max = 200): string {
  // Of a long text its start nearly always fills the line.
  const start = text.length > 8 * max ? inOneLine(text.slice(0, 8 * max)) : '';
  const line = start.length > max ? start : inOneLine(text);
  return line.length <= max ? line : `${line.slice(0, max - 1)}…`;
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Steps are counted from 1 in sentences, as in the step list. */
export function stepName(index: number): string {
  return `step ${index + 1}`;
}
