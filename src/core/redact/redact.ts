import { isObject, type Json, type JsonObject } from '../util/json.ts';
import { escapePointerPart } from '../util/pointer.ts';
import { type FoundSecret, findSecrets } from './findSecrets.ts';
import { PlaceholderNumbers, withoutPlaceholders } from './placeholders.ts';
import { secretKindOfField } from './secretFields.ts';

/** Finds secrets in a text by the shapes of known keys and tokens. A host gives one; `start` and `end` count UTF-16 units. */
export type SecretDetector = (text: string) => Promise<readonly FoundSecret[]>;

/** One place where a secret was replaced. */
export interface Redaction {
  /** JSON pointer to the text in the redacted value. */
  readonly pointer: string;
  readonly rule: string;
  readonly placeholder: string;
}

export interface Redacted<T extends Json> {
  readonly value: T;
  readonly redactions: readonly Redaction[];
}

interface Secret {
  readonly kind: string;
  readonly rule: string;
  placeholder?: string;
}

/**
 * Replaces every secret in a JSON value by a placeholder such as `<EMAIL_1>`. The same secret gets the same placeholder
 * wherever it stands, so values still agree with each other. Redacting twice changes nothing. Known limits: a secret of
 * fewer than 4 characters is replaced in its own field only, and one that is a plain word only where it stands as a word.
 */
export async function redact<T extends Json>(value: T, detect?: SecretDetector): Promise<Redacted<T>> {
  const texts = [...textsOf(value, '')];
  const numbers = new PlaceholderNumbers();
  for (const { text } of texts) numbers.reserve(text);
  const secrets = new Map<string, Secret>();
  const detected = detect === undefined ? new Map<number, FoundSecret[]>() : await detectAll(texts, detect);
  for (const [i, { key, text }] of texts.entries()) {
    const kind = secretKindOfField(key, text);
    if (kind !== undefined) learn(secrets, text.replace(/^(?:bearer|basic)\s+/i, ''), kind, 'field-name');
    const found = [...findSecrets(text), ...(detected.get(i) ?? [])].sort((a, b) => a.start - b.start || b.end - a.end);
    for (const { start, end, kind: of, rule } of found) learn(secrets, text.slice(start, end), of, rule);
  }
  return replaceAll(value, secrets, numbers);
}

function learn(secrets: Map<string, Secret>, text: string, kind: string, rule: string): void {
  // What is a placeholder already, or has nothing of its own besides, is no secret any more.
  if (!/[\p{L}\p{N}]/u.test(withoutPlaceholders(text)) || secrets.has(text)) return;
  const secret: Secret = { kind, rule };
  secrets.set(text, secret);
  // The same secret inside JSON text, and as that JSON text means it, is still the same secret.
  for (const other of [JSON.stringify(text).slice(1, -1), unescaped(text), urlEncoded(text)]) {
    if (!secrets.has(other)) secrets.set(other, secret);
  }
}

function unescaped(text: string): string {
  try {
    const value: unknown = JSON.parse(`"${text}"`);
    return typeof value === 'string' ? value : text;
  } catch {
    return text;
  }
}

function urlEncoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}

interface Text {
  readonly key: string;
  readonly text: string;
}

/** Every string of a value, numbers under their key, and every key, in document order. */
function* textsOf(value: Json, key: string): Generator<Text> {
  if (typeof value === 'string') yield { key, text: value };
  else if (typeof value === 'number') yield { key, text: String(value) };
  else if (Array.isArray(value)) for (const element of value) yield* textsOf(element, key);
  else if (isObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      yield { key: '', text: name };
      yield* textsOf(member, name);
    }
  }
}

/** The detector sees all texts at once: its rules cost much a call and little a character. */
async function detectAll(texts: readonly Text[], detect: SecretDetector): Promise<Map<number, FoundSecret[]>> {
  const gap = '\n\n';
  const starts: number[] = [];
  let at = 0;
  for (const { text } of texts) {
    starts.push(at);
    at += text.length + gap.length;
  }
  const found = new Map<number, FoundSecret[]>();
  for (const secret of await detect(texts.map(({ text }) => text).join(gap))) {
    const index = starts.findLastIndex((start) => start <= secret.start);
    const start = starts[index] ?? 0;
    const length = texts[index]?.text.length ?? 0;
    const within = { ...secret, start: secret.start - start, end: Math.min(secret.end - start, length) };
    if (within.end > within.start) found.set(index, [...(found.get(index) ?? []), within]);
  }
  return found;
}

function replaceAll<T extends Json>(value: T, secrets: Map<string, Secret>, numbers: PlaceholderNumbers): Redacted<T> {
  const redactions: Redaction[] = [];
  const inTexts = patternOf([...secrets.keys()].filter((text) => text.length >= 4));
  // A plain word may be the name of an argument: `{"password": "order"}` must not rename `order`.
  const inKeys = patternOf([...secrets.keys()].filter((text) => text.length >= 8 && !isPlainWord(text)));
  const placeholderOf = (secret: Secret, pointer: string): string => {
    secret.placeholder ??= numbers.next(secret.kind);
    redactions.push({ pointer, rule: secret.rule, placeholder: secret.placeholder });
    return secret.placeholder;
  };
  const swap = (text: string, pointer: string, pattern: RegExp | undefined): string =>
    pattern === undefined
      ? text
      : text.replace(pattern, (found) => {
          const secret = secrets.get(found);
          return secret === undefined ? found : placeholderOf(secret, pointer);
        });
  const visit = (node: Json, key: string, pointer: string): Json => {
    if (typeof node === 'string' || typeof node === 'number') {
      const text = String(node);
      const secret = secretKindOfField(key, text) === undefined ? undefined : secrets.get(text);
      if (secret !== undefined) return placeholderOf(secret, pointer);
      const swapped = swap(text, pointer, inTexts);
      return swapped === text ? node : swapped;
    }
    if (Array.isArray(node)) return node.map((element, i) => visit(element, key, `${pointer}/${i}`));
    if (!isObject(node)) return node;
    const copy: JsonObject = {};
    for (const [name, member] of Object.entries(node)) {
      const swapped = swap(name, pointer, inKeys);
      const child = visit(member, name, `${pointer}/${escapePointerPart(swapped)}`);
      Object.defineProperty(copy, swapped, { value: child, enumerable: true, configurable: true, writable: true });
    }
    return copy;
  };
  // The copy has the shape of the value: only texts in it differ.
  return { value: visit(value, '', '') as T, redactions };
}

function isPlainWord(text: string): boolean {
  return /^[A-Za-z]+$/.test(text);
}

/** One pattern for all secrets, longest first; short ones and plain words only as whole words. */
function patternOf(texts: readonly string[]): RegExp | undefined {
  if (texts.length === 0) return undefined;
  const longestFirst = [...texts].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const parts = longestFirst.map((text) => {
    const escaped = text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    return text.length < 8 || isPlainWord(text) ? `(?<![A-Za-z0-9_])${escaped}(?![A-Za-z0-9_])` : escaped;
  });
  return new RegExp(parts.join('|'), 'g');
}
