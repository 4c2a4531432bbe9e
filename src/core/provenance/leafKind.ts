import type { Json } from '../util/json.ts';
import { asDate } from './dates.ts';
import { asAmount, significantDigits } from './numbers.ts';

/**
 * What a value is, for the question where it came from. `authored`: text or code that the model writes by nature.
 * `trivial`: so short or common that its being seen before means nothing. The others carry identity, but for `words`.
 */
export type LeafKind = 'authored' | 'trivial' | 'number' | 'date' | 'identifier' | 'address' | 'path' | 'words';

/** Keys whose value the model writes: a message, code, a question. */
const AUTHORED =
  /(?:^|_)(?:body|content|contents|code|script|command|cmd|query|sql|expression|title|subject|summary|message|text|prompt|thought|thoughts|thinking|reasoning|reflection|plan|description|note|notes|comment|comments|reason|explanation|answer|response|question|patch|diff|pattern|regex|keystrokes|instruction|instructions|todos?|old_str(?:ing)?|new_str(?:ing)?|file_text|insert_text|conclusion|analysis|goal|task|html|markdown|json|yaml|input)$/;
/** Keys whose value the caller makes up by design. */
const MADE_UP =
  /(?:^|_)(?:idempotency_key|request_id|correlation_id|nonce|seed|uuid|trace_id|span_id|session_name|timeout|limit|max|min|page|offset|top_k|temperature|width|height|x|y|start_line|end_line|line|lines|line_number|line_numbers|view_range|range|count|year)$/;

/** Limits by their whole name: `max_output_tokens`, `timeout_ms`. A `max_price` is not one: people set it. */
const LIMIT =
  /(?:^|_)(?:tokens|chars|characters|bytes)$|^(?:max|min|num|n)_(?:\w+_)?(?:results|hits|items|rows|lines|pages|words|length|size|depth|count|output|retries|attempts|steps|iterations)$|(?:^|_)(?:timeout|time|wait|delay|interval)_(?:ms|millis|milliseconds|s|secs?|seconds)$/;

/** What the value under a key is. `key` is the member's name; for list elements, of the list. */
export function leafKindOf(key: string, value: Json): LeafKind {
  if (value === null || typeof value === 'boolean' || typeof value === 'object') return 'trivial';
  const writer = writerOf(key);
  if (writer === 'caller') return 'trivial';
  if (typeof value === 'number') return significantDigits(value) < 3 ? 'trivial' : 'number';
  const text = value.trim();
  if (text.length < 3) return 'trivial';
  if (writer === 'model' || text.length > 200 || /\n/.test(text) || text.split(/\s+/).length >= 8) return 'authored';
  if (asDate(text) !== undefined) return 'date';
  const amount = /^\W*\d[\d.,]{0,8}\W*$/.test(text) ? asAmount(value) : undefined;
  if (amount !== undefined) return significantDigits(amount) < 3 ? 'trivial' : 'number';
  if (/^[a-z][\w+.-]*:\/\/\S+$/i.test(text) || /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i.test(text)) return 'address';
  if (/^(?:[a-z]:)?(?:[\w.~-]*[/\\])+[\w .~*-]*$/i.test(text) && /[a-z]/i.test(text)) return 'path';
  return isIdentifier(text) ? 'identifier' : 'words';
}

/** One token with letters and digits of at least 5 characters, or a long run of digits (phone, card, UUID). */
function isIdentifier(text: string): boolean {
  if (/\s/.test(text)) return /^\+?[\d\s().-]{7,}$/.test(text);
  const bare = text.replace(/[^\p{L}\p{N}]/gu, '');
  if (bare.length < 5 || !/\d/.test(bare) || isOptionName(text)) return false;
  return /\p{L}/u.test(bare) || bare.length >= 7;
}

/** `4g_5g_preferred`, `utf-8`: words of which only very short ones have a digit name a choice, not a thing. */
function isOptionName(text: string): boolean {
  const words = text.split(/[^\p{L}\p{N}]+/u);
  return words.some((word) => /^\p{L}{3,}$/u.test(word)) && !words.some((word) => /\d/.test(word) && word.length > 2);
}

/** Who makes up the values under a key by nature, if anybody: the model writes texts, the caller sets limits. */
function writerOf(key: string): 'model' | 'caller' | 'nobody' {
  const known = writers.get(key);
  if (known !== undefined) return known;
  const name = snake(key);
  const writer = MADE_UP.test(name) || LIMIT.test(name) ? 'caller' : AUTHORED.test(name) ? 'model' : 'nobody';
  if (writers.size >= MOST_KEYS) writers.clear();
  writers.set(key, writer);
  return writer;
}

/** The same few keys come with every call. */
const writers = new Map<string, 'model' | 'caller' | 'nobody'>();
const MOST_KEYS = 1000;

function snake(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');
}
