import { isSecretValue, kindOfField } from './fieldNames.ts';
import { looksRandom } from './randomness.ts';
import type { FoundSecret } from './secret.ts';

/** What is in a text by its own looks: addresses, numbers, home folders, keys, and values after a name that says so. */
export function findInText(text: string): FoundSecret[] {
  return [...emails(text), ...phones(text), ...cards(text), ...named(text), ...tokens(text)];
}

const EMAIL = /[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9])/g;

function* emails(text: string): Generator<FoundSecret> {
  if (!text.includes('@')) return;
  for (const { index, 0: found } of text.matchAll(EMAIL)) {
    // `git@host:path` names a server's account, nobody's address.
    if (/^git@/.test(found)) continue;
    yield { start: index, end: index + found.length, kind: 'EMAIL', rule: 'email' };
  }
}

const INTERNATIONAL = /(?<![\w+.-])\+\d{1,3}[ ().-]{0,2}\d[\d ().-]{5,17}\d(?![\w.,]?\d)/g;
const NORTH_AMERICAN = /(?<![\w.,#/-])(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-.]\d{4}(?![\w-]|[.,]\d)/g;

/** Only what is written as a phone number is: a bare run of digits is an order, an amount or a time. */
function* phones(text: string): Generator<FoundSecret> {
  for (const pattern of [INTERNATIONAL, NORTH_AMERICAN]) {
    for (const { index, 0: found } of text.matchAll(pattern)) {
      const digits = found.replace(/\D/g, '').length;
      const isDate = /^\+?\d{4}-\d{2}-\d{2}/.test(found);
      const isAmount = /^\+\d+\.\d+$/.test(found);
      if (digits < 8 || digits > 15 || isDate || isAmount) continue;
      yield { start: index, end: index + found.length, kind: 'PHONE', rule: 'phone' };
    }
  }
}

const CARD = /(?<![\w.-])[3-6]\d{3}([ -])\d{4}\1\d{4}\1\d{3,4}(?![\w-])/g;

function* cards(text: string): Generator<FoundSecret> {
  for (const { index, 0: found } of text.matchAll(CARD)) {
    yield { start: index, end: index + found.length, kind: 'CARD', rule: 'card-number' };
  }
}

const NAMED =
  /(?<![A-Za-z0-9])([A-Za-z][A-Za-z0-9_-]{1,40})(?:\\{0,3}["'])?\s{0,3}[:=]\s{0,3}(\\{0,3}["'])?(?:(?:Bearer|Basic|Token)\s+)?([^\s"'`,;&}\])<\\]{4,4096})/g;
const BEARER = /\b(?:Bearer|Basic)\s+([A-Za-z0-9._~+/=-]{12,4096})/g;

/** `password=hunter22`, `"api_key": "…"` and `Authorization: Bearer …` in running text, a header or a log line. */
function* named(text: string): Generator<FoundSecret> {
  for (const match of text.matchAll(NAMED)) {
    const [whole, name = '', quote, value = ''] = match;
    const kind = kindOfField(name);
    // In code a bare word after `token =` is a name; a value has digits or stands in quotes, and is no plain word.
    if (!/\d/.test(value) && (quote === undefined || /^[A-Za-z]{1,11}$/.test(value))) continue;
    const end = match.index + whole.length;
    if (kind === undefined || !isSecretValue(kind, value) || isReference(value)) continue;
    yield { start: end - value.length, end, kind, rule: 'field-name' };
  }
  for (const match of text.matchAll(BEARER)) {
    const [whole, value = ''] = match;
    const end = match.index + whole.length;
    if (/\d/.test(value)) yield { start: end - value.length, end, kind: 'SECRET', rule: 'bearer' };
  }
}

/** Code that names where a secret comes from (`os.environ[…`, `$TOKEN`, `get_token(`) shows none. */
function isReference(value: string): boolean {
  return /^[$%{(]|[([]|^(?:process|os|env|self|this|config|settings)\./.test(value);
}

const TOKEN = /(?<![\w/+=.-])[A-Za-z0-9_+=-]{20,512}(?![\w/+=-])/g;
const JWT = /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{4,}/g;
const AWS = /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g;

function* tokens(text: string): Generator<FoundSecret> {
  for (const [rule, pattern] of [
    ['jwt', JWT],
    ['aws-access-key', AWS],
  ] as const) {
    for (const { index, 0: found } of text.matchAll(pattern)) {
      yield { start: index, end: index + found.length, kind: 'SECRET', rule };
    }
  }
  for (const { index, 0: found } of text.matchAll(TOKEN)) {
    if (looksRandom(found)) yield { start: index, end: index + found.length, kind: 'SECRET', rule: 'random-token' };
  }
}
