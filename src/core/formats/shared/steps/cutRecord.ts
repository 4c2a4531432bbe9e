import type { Json, JsonObject } from '../../../util/json.ts';
import { ownText } from '../../../util/ownText.ts';
import { ERROR_TEXT_SPAN } from '../errorText.ts';

/** Characters of a longer text's beginning that are kept; enough for a goal. Of its end, what errors are told by. */
const HEAD = 4000;
const MAX_ELEMENTS = 200;
const MAX_DEPTH = 12;

/** Lists that are kept whole: a row names all of its calls. */
const CALLS = 'tool_calls';

/**
 * A small copy of a record, for what has to wait for a later record: long texts keep both ends (errors are told by them),
 * long lists their beginning unless they are of calls, and what is nested deeper than records are is left out.
 */
export function cutRecord(value: Json, head = HEAD, depth = 0): Json {
  if (typeof value === 'string') return cutText(value, head);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return null;
  if (Array.isArray(value)) return cutList(value.slice(0, MAX_ELEMENTS), head, depth);
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MAX_ELEMENTS)
      .map(([key, member]) => {
        const isCalls = key === CALLS && Array.isArray(member);
        return [key, isCalls ? cutList(member, head, depth + 1) : cutRecord(member, head, depth + 1)];
      }),
  ) as JsonObject;
}

function cutList(list: readonly Json[], head: number, depth: number): Json[] {
  return list.map((element) => cutRecord(element, head, depth + 1));
}

/** A text with both its ends, in memory of its own. */
export function cutText(text: string, head = HEAD): string {
  return text.length <= head + ERROR_TEXT_SPAN
    ? text
    : ownText(text, 0, head) + ownText(text, text.length - ERROR_TEXT_SPAN);
}
