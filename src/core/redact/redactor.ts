import { isObject, type Json, type JsonObject, tryParse } from '../util/json.ts';
import { escapePointerPart } from '../util/pointer.ts';
import { isSecretValue, kindOfField } from './fieldNames.ts';
import { findInText } from './findInText.ts';
import { homesIn, isHome } from './homes.ts';
import { isRedacted, PLACEHOLDER, type SecretDetector, type SecretKind } from './secret.ts';

/** One replacement: where, by which rule, and what stands there now. */
export interface Redaction {
  /** JSON pointer into the redacted value. */
  readonly pointer: string;
  readonly rule: string;
  readonly placeholder: string;
}

export interface Redacted {
  readonly value: Json;
  readonly redactions: readonly Redaction[];
}

interface Known {
  readonly placeholder: string;
  readonly rule: string;
}

/** A secret of this length or less counts elsewhere only as a word of its own. */
const WORD = 8;
/** Redacting can uncover a match that overlapped another; it ends as soon as nothing new is found. */
const MOST_PASSES = 6;

/**
 * Replaces secrets by placeholders, the same secret by the same placeholder for as long as the redactor lives, so that
 * values that were equal stay equal and a test can still match them. First everything is searched, then every
 * occurrence of what was found is replaced, also where it stands in other words, keys, or JSON inside text.
 */
export class Redactor {
  private readonly known = new Map<string, Known>();
  private readonly counts = new Map<SecretKind, number>();
  /** Secrets too common to be looked for elsewhere (`pin: 123`, `password: secret`), with the names they stand under. */
  private readonly common = new Map<string, Known & { readonly names: Set<string> }>();
  private pattern: RegExp | undefined;

  constructor(private readonly detect?: SecretDetector) {}

  /** The value without secrets, and what was replaced. Redacting the answer again changes nothing. */
  async redact(value: Json): Promise<Redacted> {
    this.reserve(value);
    const redactions = new Map<string, Redaction>();
    let current = value;
    for (let pass = 0; pass < MOST_PASSES; pass++) {
      const before = this.known.size + this.common.size;
      await this.learn(current);
      current = this.replace(current, '', '', redactions);
      if (pass > 0 && this.known.size + this.common.size === before) break;
    }
    return { value: current, redactions: [...redactions.values()] };
  }

  /** A text without secrets. */
  async redactText(text: string): Promise<string> {
    const { value } = await this.redact(text);
    return typeof value === 'string' ? value : '';
  }

  /** Numbers that the value's own placeholders use already are given to nothing else. */
  private reserve(value: Json): void {
    visit(value, '', (text) => {
      for (const [placeholder] of text.matchAll(PLACEHOLDER)) {
        const [kind = '', count = ''] = placeholder.slice(1, -1).split('_');
        const given = [...this.known.values(), ...this.common.values()].some((one) => one.placeholder === placeholder);
        const taken = this.counts.get(kind as SecretKind) ?? 0;
        if (!given && Number(count) < 1_000_000) this.counts.set(kind as SecretKind, Math.max(taken, Number(count)));
      }
    });
  }

  private async learn(value: Json): Promise<void> {
    const texts = new Set<string>();
    visit(value, '', (text, name) => {
      texts.add(text);
      this.learnField(name, text);
      for (const [inner, innerName] of stringsInside(text)) this.learnField(innerName, inner);
    });
    for (const text of texts) {
      for (const found of findInText(text)) this.add(text.slice(found.start, found.end), found.kind, found.rule);
      for (const home of homesIn(text)) this.addHome(home);
    }
    if (this.detect !== undefined) await this.learnKeys([...texts], this.detect);
  }

  /** All texts are searched together, in batches: a detector's start costs more than its search. */
  private async learnKeys(texts: readonly string[], detect: SecretDetector): Promise<void> {
    for (const batch of batchesOf(texts)) {
      const text = batch.join(SEPARATOR);
      for (const { start, end, rule } of await detect(text)) {
        for (const part of text.slice(start, end).split(SEPARATOR)) {
          if (part.trim().length >= WORD) this.add(part, 'SECRET', rule);
        }
      }
    }
  }

  private learnField(name: string, text: string): void {
    const kind = name === '' ? undefined : kindOfField(name);
    if (kind === undefined || text.search(PLACEHOLDER) >= 0 || !isSecretValue(kind, text)) return;
    if (!isCommon(text)) this.add(text, kind, 'field-name');
    else {
      const known = this.common.get(text);
      if (known?.names.has(name) === true) return;
      const placeholder = known?.placeholder ?? this.nextPlaceholder(kind);
      const names = new Set([...(known?.names ?? []), name]);
      this.common.set(text, { placeholder, rule: 'field-name', names });
      this.pattern = undefined;
    }
  }

  private add(secret: string, kind: SecretKind, rule: string): void {
    const bare = secret.trim();
    if (bare === '' || this.known.has(bare) || isRedacted(bare)) return;
    this.known.set(bare, { placeholder: this.nextPlaceholder(kind), rule });
    this.pattern = undefined;
  }

  private addHome({ folder, user }: { folder: string; user: string }): void {
    const home = `${folder}${user}`;
    if (this.known.has(home)) return;
    const same = [...this.known].find(([text]) => isHome(text, user));
    const placeholder = same?.[1].placeholder.match(PLACEHOLDER)?.[0] ?? this.nextPlaceholder('USER');
    this.known.set(home, { placeholder: `${folder}${placeholder}`, rule: 'home-path' });
    this.pattern = undefined;
  }

  private nextPlaceholder(kind: SecretKind): string {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    return `<${kind}_${count}>`;
  }

  private replace(value: Json, pointer: string, name: string, redactions: Map<string, Redaction>): Json {
    if (typeof value === 'string') return this.replaceText(value, pointer, name, redactions);
    if (typeof value === 'number') {
      // A number elsewhere that happens to equal a short secret is an amount.
      if (kindOfField(name) === undefined && String(value).length < WORD) return value;
      const text = this.replaceText(String(value), pointer, name, redactions);
      return text === String(value) ? value : text;
    }
    if (Array.isArray(value)) return value.map((one, i) => this.replace(one, `${pointer}/${i}`, name, redactions));
    if (!isObject(value)) return value;
    const made: JsonObject = {};
    for (const [key, member] of Object.entries(value)) {
      const ownKey = this.replaceText(key, pointer, '', redactions);
      const at = `${pointer}/${escapePointerPart(ownKey)}`;
      // Defined, not assigned: a member may be called `__proto__`.
      const replaced = this.replace(member, at, key, redactions);
      Object.defineProperty(made, ownKey, { value: replaced, enumerable: true, writable: true, configurable: true });
    }
    return made;
  }

  private replaceText(text: string, pointer: string, name: string, redactions: Map<string, Redaction>): string {
    const note = ({ placeholder, rule }: Known) => {
      const [bare = placeholder] = placeholder.match(PLACEHOLDER) ?? [];
      redactions.set(`${pointer} ${bare}`, { pointer, rule, placeholder: bare });
      return placeholder;
    };
    const whole = this.common.get(text);
    if (whole?.names.has(name) === true) return note(whole);
    this.pattern ??= this.compile();
    return text.replace(this.pattern, (found) => {
      const known = this.known.get(found) ?? this.byForm(found) ?? this.common.get(found);
      return known === undefined ? found : note(known);
    });
  }

  /** The secret whose escaped form was found. */
  private byForm(found: string): Known | undefined {
    for (const [secret, known] of this.known) if (formsOf(secret).includes(found)) return known;
    return undefined;
  }

  private compile(): RegExp {
    const forms = [...this.known.keys()].flatMap(formsOf).sort((a, b) => b.length - a.length);
    const words = forms.map((form) => {
      const escaped = escapePattern(form);
      if (HOME_END.test(form)) return `${escaped}(?![\\w-])`;
      return form.length <= WORD ? `(?<![\\w-])${escaped}(?![\\w-])` : escaped;
    });
    const common = [...this.common].flatMap(([text, { names }]) =>
      [...names].map((name) => {
        const quote = `\\\\{0,3}["']`;
        return `(?<=${quote}${escapePattern(name)}${quote}\\s{0,3}:\\s{0,3}(?:${quote})?)${escapePattern(text)}(?![\\w-])`;
      }),
    );
    // A placeholder that stands there is stepped over whole, never searched for secrets.
    return new RegExp([PLACEHOLDER.source, ...words, ...common].join('|'), 'g');
  }
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** Short texts and plain words: replaced everywhere they would eat amounts and prose. */
function isCommon(secret: string): boolean {
  const text = secret.trim();
  return (
    text.length < 4 || /^\d{1,5}$/.test(text) || (text.length < 12 && /^(?:[a-z]+|[A-Z]+|[A-Z][a-z]+)$/.test(text))
  );
}

const HOME_END = /^(?:\/home\/|\/Users\/|[A-Za-z]:\\+Users\\+)[^\\/]+$/;
/** Stands between texts that are searched together; no rule reaches across it. */
const SEPARATOR = '\n\u0000\n';
/** UTF-16 units that are searched at a time. */
const BATCH = 500_000;

function* batchesOf(texts: readonly string[]): Generator<string[]> {
  let batch: string[] = [];
  let size = 0;
  for (const text of texts) {
    if (size > 0 && size + text.length > BATCH) {
      yield batch;
      [batch, size] = [[], 0];
    }
    batch.push(text);
    size += text.length;
  }
  if (batch.length > 0) yield batch;
}

/** A secret as it may stand in text: as it is, in a JSON string, in JSON in a JSON string, in a URL. */
function formsOf(secret: string): string[] {
  const once = JSON.stringify(secret).slice(1, -1);
  const twice = JSON.stringify(once).slice(1, -1);
  return [...new Set([secret, once, twice, ...urlForm(secret)])];
}

function urlForm(secret: string): string[] {
  try {
    return [encodeURIComponent(secret)];
  } catch {
    return [];
  }
}

/** Names under which a number is a secret; `token: 512` is a count. */
const NUMBERS = /(?:cvv|cvc|pin|otp|pass\w*|ssn|phone|mobile|fax|card_?number|account_?number)$/i;

/** Calls `take` with every text of a value and the name it stands under; keys are texts without a name. */
function visit(value: Json, name: string, take: (text: string, name: string) => void): void {
  if (typeof value === 'string') take(value, name);
  else if (typeof value === 'number') {
    if (NUMBERS.test(name)) take(String(value), name);
  } else if (Array.isArray(value)) for (const one of value) visit(one, name, take);
  else if (isObject(value)) {
    for (const [key, member] of Object.entries(value)) {
      take(key, '');
      visit(member, key, take);
    }
  }
}

/** The named strings of JSON that stands in a text, as tools answer it. */
function stringsInside(text: string): [text: string, name: string][] {
  const inner = /^\s*[[{]/.test(text) ? tryParse(text) : undefined;
  const strings: [string, string][] = [];
  if (inner !== undefined) visit(inner, '', (found, name) => strings.push([found, name]));
  return strings;
}
