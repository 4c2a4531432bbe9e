import { isObject, type Json, type JsonObject } from '../util/json.ts';
import { escapePointerPart } from '../util/pointer.ts';
import { basicPassword, writingsOf } from './encodings.ts';
import { findSecrets } from './findSecrets.ts';
import { PlaceholderNumbers, withoutPlaceholders } from './placeholders.ts';
import { personalKindOfField, secretKindOfField } from './secretFields.ts';
import { TextFinder } from './textFinder.ts';
import type { FoundSecret } from './textRule.ts';

/** Finds secrets in a text by the shapes of known keys and tokens. A host gives one; `start` and `end` count UTF-16 units. */
export type SecretDetector = (text: string) => Promise<readonly FoundSecret[]>;

/** One place where a secret was replaced, or was left because somebody released it by name. */
export interface Redaction {
  /** JSON pointer to the text in the redacted value. */
  readonly pointer: string;
  readonly rule: string;
  readonly placeholder: string;
  /** True when the secret still stands there. */
  readonly released?: true;
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

/** A text to look for, with a secret at its end: `password is x`. Where it speaks for itself nothing stands before it. */
interface Sought {
  readonly secret: Secret;
  readonly before: string;
}

/**
 * Replaces every secret in a JSON value by a placeholder such as `<EMAIL_1>`. The same secret gets the same placeholder
 * wherever it stands, so values still agree with each other. Redacting twice changes nothing. `release` names what is to
 * stay: placeholders (`EMAIL_1`), rules (`email`) or names of fields. Known limits: a secret of fewer than 4 characters is
 * replaced in its own field only, and so is a plain word of fewer than 6; a longer one only where it stands as a word.
 */
export async function redact<T extends Json>(
  value: T,
  detect?: SecretDetector,
  release: readonly string[] = [],
): Promise<Redacted<T>> {
  const redactor = new Redactor(detect, release);
  await redactor.learn(value);
  return redactor.apply(value);
}

/** Which of the names given to release something name nothing that was found. */
export function unknownReleases(release: readonly string[], redactions: readonly Redaction[]): string[] {
  const released = redactions.filter((redaction) => redaction.released === true);
  return release.filter((name) => !released.some((redaction) => isReleased(redaction, new Set([bareName(name)]))));
}

function isReleased({ pointer, rule, placeholder }: Redaction, names: ReadonlySet<string>): boolean {
  const field = pointer.split('/').findLast((part) => !/^\d+$/.test(part)) ?? '';
  return names.has(bareName(placeholder)) || names.has(rule) || (field !== '' && names.has(field));
}

function bareName(name: string): string {
  return name.replace(/^<(.*)>$/, '$1');
}

/**
 * The same for what is too large to be held at once: `learn` from every part first, then `apply` to each of them. A
 * secret that one part gives away is replaced in all.
 */
export class Redactor {
  private readonly secrets = new Map<string, Sought>();
  private readonly numbers = new PlaceholderNumbers();
  private readonly release: ReadonlySet<string>;
  private finders: Finders | undefined;

  constructor(
    private readonly detect?: SecretDetector,
    release: readonly string[] = [],
  ) {
    this.release = new Set(release.map(bareName));
  }

  async learn(value: Json): Promise<void> {
    const { secrets, detect } = this;
    const texts = [...textsOf(value)];
    for (const { text } of texts) this.numbers.reserve(text);
    const detected = detect === undefined ? new Map<number, FoundSecret[]>() : await detectAll(texts, detect);
    for (const [i, { key, text }] of texts.entries()) {
      const kind = secretKindOfField(key, text) ?? personalKindOfField(key, text);
      if (kind !== undefined) learn(secrets, text.replace(/^(?:bearer|basic)\s+/i, ''), kind, 'field-name');
      const found = findSecrets(text);
      found.push(...(detected.get(i) ?? []).filter((one) => !found.some((ours) => cutsAcross(one, ours))));
      found.sort((a, b) => a.start - b.start || b.end - a.end);
      for (const { start, end, kind: of, rule, contextStart } of found) {
        const before = contextStart === undefined ? '' : text.slice(contextStart, start);
        learn(secrets, text.slice(start, end), of, rule, before);
      }
    }
    this.finders = undefined;
  }

  apply<T extends Json>(value: T): Redacted<T> {
    this.finders ??= findersOf(this.secrets);
    return replaceAll(value, this.secrets, this.finders, this.numbers, this.release);
  }
}

function learn(secrets: Map<string, Sought>, text: string, kind: string, rule: string, before = ''): void {
  // What is a placeholder already, or has nothing of its own besides, is no secret any more.
  if (!/[\p{L}\p{N}]/u.test(withoutPlaceholders(text))) return;
  if (isShortWord(text) && before !== '') {
    // Known by its own name only, it is replaced where that name stands before it.
    if (!secrets.has(before + text))
      secrets.set(before + text, { secret: secretOf(secrets, text, kind, rule), before });
    return;
  }
  if (secrets.has(text)) return;
  const password = basicPassword(text);
  const secret = secretOf(secrets, password ?? text, password === undefined ? kind : 'PASSWORD', rule);
  // The same secret inside JSON text or a URL, and as those mean it, is still the same secret.
  for (const one of password === undefined ? [text] : [text, password]) {
    for (const writing of writingsOf(one)) if (!secrets.has(writing)) secrets.set(writing, { secret, before: '' });
  }
}

/** A find that has a part of another, and something else besides: one of them is wrong about its ends. */
function cutsAcross(one: FoundSecret, other: FoundSecret): boolean {
  const overlap = one.start < other.end && other.start < one.end;
  const within = one.start >= other.start && one.end <= other.end;
  const around = one.start <= other.start && one.end >= other.end;
  return overlap && !within && !around;
}

function secretOf(secrets: ReadonlyMap<string, Sought>, text: string, kind: string, rule: string): Secret {
  return secrets.get(text)?.secret ?? { kind, rule };
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
        // Nothing is written in the bytes of an image, and they are large.
        stack.push({ key: member, node: isImageData(node, member) ? null : child, name: member });
      }
    }
  }
}

function isImageData(node: JsonObject, member: string): boolean {
  return member === 'data' && node.type === 'image';
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

function findersOf(secrets: ReadonlyMap<string, Sought>): Finders {
  const texts = [...secrets.keys()];
  // Short secrets and plain words are found as words only.
  const wholeWord = (text: string) => text.length < 8 || isPlainWord(text);
  return {
    inTexts: new TextFinder(
      texts.filter((text) => !isShortWord(text)),
      wholeWord,
    ),
    // A plain word may be the name of an argument: `{"password": "order"}` must not rename `order`.
    inKeys: new TextFinder(
      texts.filter((text) => !wholeWord(text)),
      wholeWord,
    ),
  };
}

function replaceAll<T extends Json>(
  value: T,
  secrets: ReadonlyMap<string, Sought>,
  { inTexts, inKeys }: Finders,
  numbers: PlaceholderNumbers,
  release: ReadonlySet<string>,
): Redacted<T> {
  const redactions: Redaction[] = [];
  const placeholderOf = ({ secret, before }: Sought, pointer: string, found: string): string => {
    secret.placeholder ??= numbers.next(secret.kind);
    const redaction = { pointer, rule: secret.rule, placeholder: secret.placeholder };
    if (release.size > 0 && isReleased(redaction, release)) {
      redactions.push({ ...redaction, released: true });
      return found;
    }
    redactions.push(redaction);
    return before + secret.placeholder;
  };
  const swap = (text: string, pointer: string, finder: TextFinder): string =>
    finder.replace(text, (found) => {
      const sought = secrets.get(found);
      return sought === undefined ? found : placeholderOf(sought, pointer, found);
    });
  const leaf = (node: Json, key: string, pointer: string): Json => {
    if (typeof node !== 'string' && typeof node !== 'number') return node;
    const text = String(node);
    const isSecret = (secretKindOfField(key, text) ?? personalKindOfField(key, text)) !== undefined;
    const sought = isSecret ? secrets.get(text) : undefined;
    if (sought !== undefined) {
      const replaced = placeholderOf(sought, pointer, text);
      return replaced === text ? node : replaced;
    }
    const swapped = swap(text, pointer, inTexts);
    return swapped === text ? node : swapped;
  };
  const top: Json[] = [];
  const stack: Place[] = [{ node: value, key: '', pointer: '', put: (copy) => top.push(copy) }];
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    const { node, key, pointer, put, asIs } = place;
    if (asIs === true) put(node);
    else if (Array.isArray(node)) {
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
        const place = `${pointer}/${escapePointerPart(swapped)}`;
        return { node: child, key: name, pointer: place, put, asIs: isImageData(node, name) };
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
  /** True for what is copied without a look at it. */
  readonly asIs?: boolean;
}

function isPlainWord(text: string): boolean {
  return /^[A-Za-z]+$/.test(text);
}

/** A password such as `test` or `admin` says nothing of the same word elsewhere. */
function isShortWord(text: string): boolean {
  return text.length < 6 && isPlainWord(text);
}
