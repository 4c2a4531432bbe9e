import type { Json } from '../../util/json.ts';

/** ISO 8601 without a zone, as Python's `datetime.isoformat()` writes it; taken as UTC. */
const NO_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/;

/**
 * A point in time as ms since the epoch: ISO 8601 (UTC when no zone is given), or a number in seconds, ms, µs or ns,
 * told by its size. Undefined when it is none.
 */
export function readTime(recorded: Json | undefined): number | undefined {
  if (typeof recorded === 'number') return fromNumber(recorded);
  if (typeof recorded !== 'string' || recorded.trim() === '') return undefined;
  const text = recorded.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return fromNumber(Number(text));
  const time = Date.parse(NO_ZONE.test(text) ? `${text.replace(' ', 'T')}Z` : text);
  return Number.isNaN(time) ? undefined : time;
}

function fromNumber(value: number): number | undefined {
  if (!Number.isFinite(value) || value <= 0) return undefined;
  if (value < 1e11) return value * 1000;
  if (value < 1e14) return value;
  return value < 1e17 ? value / 1e3 : value / 1e6;
}
