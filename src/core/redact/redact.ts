import { isObject, type Json, type JsonObject } from '../util/json.ts';
import { escapePointerPart } from '../util/pointer.ts';
import { type FoundSecret, findSecrets } from './findSecrets.ts';
import { PlaceholderNumbers, withoutPlaceholders } from './placeholders.ts';
import { secretKindOfField } from './secretFields.ts';
import { TextFinder } from './textFinder.ts';

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
  const redactor = new Redactor(detect);
  await redactor.learn(value);
  return redactor.apply(value);
}

/**
 * The same for what is too large to be held at once: `learn` from every part first, then `apply` to each of them. A
 * secret that one part gives away is replaced in all.
 */
export class Redactor {
  private readonly secrets = new Map<string, Secret>();
  private readonly numbers = new PlaceholderNumbers();
  private finders: Finders | undefined;

  constructor(private readonly detect?: SecretDetector) {}

  async learn(value: Json): Promise<void> {
    const { secrets, detect } = this;
    const texts = [...textsOf(value)];
    for (const { text } of texts) this.numbers.reserve(text);
    const detected = detect === undefined ? new Map<number, FoundSecret[]>() : await detectAll(texts, detect);
    for (const [i, { key, text }] of texts.entries()) {
      const kind = secretKindOfField(key, text);
      if (kind !== undefined) learn(secrets, text.replace(/^(?:bearer|basic)\s+/i, ''), kind, 'field-name');
      const found = [...findSecrets(text), ...(detected.get(i) ?? [])];
      found.sort((a, b) => a.start - b.start || b.end - a.end);
      for (const { start, end, kind: of, rule } of found) learn(secrets, text.slice(start, end), of, rule);
    }
    this.finders = undefined;
  }

  apply<T extends Json>(value: T): Redacted<T> {
    this.finders ??= findersOf(this.secrets);
    return replaceAll(value, this.secrets, this.finders, this.numbers);
  }
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

/** Every string of a value, numbers as text, and every key, in document order; without recursion, as traces may nest deep. */
function* textsOf(value: Json): Generator<Text> {
  const stack: { readonly key: string; readonly node: Json; readonly name?: string }[] = [{ key: '', node: value }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { key, node, name } = top;
    if (name !== undefined) yield { key: '', text: name };
    if (typeof node === 'string') yield { key, text: node };
    else if (typeof node === 'number') yield { key, text: String(node) };
    else if (Array.isArray(node)) for (let i = node.length - 1; i >= 0; i--) stack.push({ key, node: node[i] ?? null });
    else if (isObject(node)) {
      for (const [member, child] of Object.entries(node).reverse()) {
        stack.push({ key: member, node: child, name: member });
      }
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

/** What finds the secrets again: in texts, and in the names of members. */
interface Finders {
  readonly inTexts: TextFinder;
  readonly inKeys: TextFinder;
}

function findersOf(secrets: ReadonlyMap<string, Secret>): Finders {
  const texts = [...secrets.keys()];
  // Short secrets and plain words are found as words only.
  const wholeWord = (text: string) => text.length < 8 || isPlainWord(text);
  return {
    inTexts: new TextFinder(texts, wholeWord),
    // A plain word may be the name of an argument: `{"password": "order"}` must not rename `order`.
    inKeys: new TextFinder(
      texts.filter((text) => !wholeWord(text)),
      wholeWord,
    ),
  };
}

function replaceAll<T extends Json>(
  value: T,
  secrets: Map<string, Secret>,
  { inTexts, inKeys }: Finders,
  numbers: PlaceholderNumbers,
): Redacted<T> {
  const redactions: Redaction[] = [];
  const placeholderOf = (secret: Secret, pointer: string): string => {
    secret.placeholder ??= numbers.next(secret.kind);
    redactions.push({ pointer, rule: secret.rule, placeholder: secret.placeholder });
    return secret.placeholder;
  };
  const swap = (text: string, pointer: string, finder: TextFinder): string =>
    finder.replace(text, (found) => {
      const secret = secrets.get(found);
      return secret === undefined ? found : placeholderOf(secret, pointer);
    });
  const leaf = (node: Json, key: string, pointer: string): Json => {
    if (typeof node !== 'string' && typeof node !== 'number') return node;
    const text = String(node);
    const secret = secretKindOfField(key, text) === undefined ? undefined : secrets.get(text);
    if (secret !== undefined) return placeholderOf(secret, pointer);
    const swapped = swap(text, pointer, inTexts);
    return swapped === text ? node : swapped;
  };
  const top: Json[] = [];
  const stack: Place[] = [{ node: value, key: '', pointer: '', put: (copy) => top.push(copy) }];
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    const { node, key, pointer, put } = place;
    if (Array.isArray(node)) {
      const copy: Json[] = [];
      put(copy);
      for (let i = node.length - 1; i >= 0; i--) {
        stack.push({ node: node[i] ?? null, key, pointer: `${pointer}/${i}`, put: (child) => copy.push(child) });
      }
    } else if (isObject(node)) {
      const copy: JsonObject = {};
      put(copy);
      const members = Object.entries(node).map(([name, child]): Place => {
        const swapped = swap(name, pointer, inKeys);
        const put = (made: Json) =>
          Object.defineProperty(copy, swapped, { value: made, enumerable: true, configurable: true, writable: true });
        return { node: child, key: name, pointer: `${pointer}/${escapePointerPart(swapped)}`, put };
      });
      stack.push(...members.reverse());
    } else put(leaf(node, key, pointer));
  }
  // The copy has the shape of the value: only texts in it differ.
  return { value: top[0] as T, redactions };
}

/** A value on its way into the copy. */
interface Place {
  readonly node: Json;
  readonly key: string;
  readonly pointer: string;
  readonly put: (copy: Json) => void;
}

function isPlainWord(text: string): boolean {
  return /^[A-Za-z]+$/.test(text);
}
