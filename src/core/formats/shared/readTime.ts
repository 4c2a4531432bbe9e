import type { Json } from '../../util/json.ts';

/** ISO 8601 without a zone, as Python's `datetime.isoformat()` writes it; taken as UTC. */
const NO_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/;

/**
 * A point in time as ms since the epoch: ISO 8601 (UTC when no zone is given), or a number in seconds, ms, µs or ns,
 * told by its size. Undefined when it is none.
 */
export function readTime(recorded: Json | undefined): number | undefined {
  if (typeof recorded === 'number') return fromNumber(recorded);
  if (typeof recorded !== 'string') return undefined;
  const common = readCommonForm(recorded);
  if (common !== undefined) return common;
  if (recorded.trim() === '') return undefined;
  const text = recorded.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return fromNumber(Number(text));
  const time = Date.parse(NO_ZONE.test(text) ? `${text.replace(' ', 'T')}Z` : text);
  return Number.isNaN(time) ? undefined : time;
}

const ZERO = 0x30;
const LONGEST_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** `2026-11-02T09:14:08.123Z`, as nearly every writer has it; undefined for any other form, and for days that are none. */
function readCommonForm(text: string): number | undefined {
  const size = text.length;
  if ((size !== 20 && size !== 24) || text[10] !== 'T' || text[size - 1] !== 'Z') return undefined;
  if (text[4] !== '-' || text[7] !== '-' || text[13] !== ':' || text[16] !== ':') return undefined;
  if (size === 24 && text[19] !== '.') return undefined;
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10)];
  const [hour, minute, second] = [digits(text, 11, 13), digits(text, 14, 16), digits(text, 17, 19)];
  const fraction = size === 24 ? digits(text, 20, 23) : 0;
  const plain = year >= 1000 && day >= 1 && day <= (LONGEST_DAYS[month - 1] ?? 0) && hour < 24 && minute < 60;
  return plain && second < 60 && fraction >= 0
    ? Date.UTC(year, month - 1, day, hour, minute, second, fraction)
    : undefined;
}

/** A number of digits; NaN when one of them is none. */
function digits(text: string, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function fromNumber(value: number): number | undefined {
  if (!Number.isFinite(value) || value <= 0) return undefined;
  if (value < 1e11) return value * 1000;
  if (value < 1e14) return value;
  return value < 1e17 ? value / 1e3 : value / 1e6;
}
