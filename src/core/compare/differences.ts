import type { ComparedCall, ComparedValue } from './call.ts';

/** One place where two calls differ. */
export interface Difference {
  /** Into the action: `/arguments/order_id`; empty for the tool itself. */
  readonly pointer: string;
  /** As JSON, cut; absent where only the other call has a value. */
  readonly expected?: string;
  readonly actual?: string;
}

/** Where the values of a call differ from those of another, in the order of the first, then what only the second has. */
export function differences(expected: ComparedCall, actual: ComparedCall): Difference[] {
  const found: Difference[] = [];
  if (expected.tool !== actual.tool) found.push({ pointer: '', expected: expected.tool, actual: actual.tool });
  if (!expected.argumentsRecorded || !actual.argumentsRecorded) return found;
  for (const [pointer, value] of expected.values) {
    const other = actual.values.get(pointer);
    if (other?.digest === value.digest) continue;
    found.push({ pointer, expected: value.text, ...(other !== undefined && { actual: other.text }) });
  }
  for (const [pointer, value] of actual.values) {
    if (!expected.values.has(pointer)) found.push({ pointer, actual: value.text });
  }
  return found;
}

/** Differences as people say them: `differs in /order_id: A123, got A124`; at most `most` of them. Empty when there is none. */
export function inWords(found: readonly Difference[], most = 3): string {
  if (found.length === 0) return '';
  const more = found.length > most ? `; and in ${found.length - most} more` : '';
  return `differs in ${found.slice(0, most).map(one).join('; ')}${more}`;
}

function one({ pointer, expected, actual }: Difference): string {
  const place = pointer === '' ? 'the tool' : pointer.replace(/^\/arguments(?=\/)/, '');
  if (expected === undefined) return `${place}: not there, got ${plain(actual ?? '', expected)}`;
  if (actual === undefined) return `${place}: ${plain(expected, actual)}, got nothing`;
  return `${place}: ${plain(expected, actual)}, got ${plain(actual, expected)}`;
}

/** A text without its quotes, unless only these tell it from the other value: `"7"` and `7`. */
function plain(text: ComparedValue['text'], other: string | undefined): string {
  const quoted = /^"([^"\\]*)"$/.exec(text);
  return cut(quoted?.[1] === undefined || quoted[1] === other || quoted[1] === '' ? text : quoted[1]);
}

const SHOWN = 60;

function cut(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN - 1)}…`;
}
