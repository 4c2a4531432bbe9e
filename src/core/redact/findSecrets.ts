import { BEARER, COOKIES, KNOWN_KEYS, PRIVATE_KEY, RANDOM, URL_PASSWORDS } from './keyRules.ts';
import { isTemplate, looksSecret } from './looks.ts';
import { PERSONAL_RULES } from './personalRules.ts';
import { secretKindOfField } from './secretFields.ts';
import { type FoundSecret, matchesOf } from './textRule.ts';

const SEPARATORS = `(?:${[
  String.raw`(?:\\{0,8}["']|%22)?\]?(?:\s{0,3}(?::=|=>|[:=])\s{0,3}|%3D|%3A)`,
  String.raw`\s+(?:for \S{1,40} )?(?:is|was):?\s+`,
  String.raw`(?<=(?<![\w-])--[A-Za-z][\w-]{1,60})\s+`,
  String.raw`(?<=<[\w-]{2,61})>`,
].join('|')})`;
/** What is given a value: `"password": `, `API_KEY=`, `--token `, `password is `. */
const NAMED = new RegExp(String.raw`(?<!\w|\w-)([A-Za-z_][\w-]{1,60})${SEPARATORS}`, 'g');
/** The same in a part of a URL, where a name may follow `%3B`. */
const NAMED_IN_URL = new RegExp(String.raw`(?<=%[0-9A-Fa-f]{2})([A-Za-z_][\w-]{1,60})${SEPARATORS}`, 'g');
/** The value: within quotes, or up to what can't be a part of it. */
const VALUE = new RegExp(
  [
    String.raw`(\\{0,8}["'${'`'}]|%22)((?:(?!\1)[^\\\n]|\\(?!\1).){1,400}?)\1`,
    String.raw`((?:(?!%(?:3B|26|22|27|20|0A|2C)|\\{1,8}[nrt"'])[^\s"'${'`'},;{}()[\]<>&]){4,400})`,
  ].join('|'),
  'dy',
);

/** Every secret that the rules know in a text, in any order; they may overlap. */
export function findSecrets(text: string): FoundSecret[] {
  return [...findCredentials(text), ...PERSONAL_RULES.flatMap((rule) => matchesOf(rule, text))];
}

/**
 * Every credential in a text: keys, tokens, passwords, cookies. Unlike `findSecrets` no e-mail addresses, phone numbers
 * and folders, which a person needs while debugging. Made to be quick: about 0.1 ms for 20 KB that hold none.
 */
export function findCredentials(text: string): FoundSecret[] {
  if (text.length < 4) return [];
  const found = matchesOf(KNOWN_KEYS, text);
  if (text.length >= 24) found.push(...matchesOf(RANDOM, text));
  if (/:\/\/|%3A%2F%2F/i.test(text)) for (const rule of URL_PASSWORDS) found.push(...matchesOf(rule, text));
  if (!NAMES_OF_CREDENTIALS.test(text)) return found;
  for (const rule of [BEARER, COOKIES, PRIVATE_KEY]) found.push(...matchesOf(rule, text));
  // Stars and dots in place of a password hide nothing.
  found.push(...assignedSecrets(text).filter(({ start, end }) => /[\p{L}\p{N}]/u.test(text.slice(start, end))));
  return found;
}

/** A word of one of these must stand in a text in which a credential is known by its name. */
const NAMES_OF_CREDENTIALS =
  /pass|pwd|secret|key|token|jwt|auth|cookie|credential|bearer|basic|pin|cvv|cvc|ssn|otp|one_time|sess|sid|sig|PRIVATE/i;

/** Values that a text gives to a name of a secret. Prose such as "password: click here" is left alone. */
function assignedSecrets(text: string): FoundSecret[] {
  const found = namedSecrets(text, NAMED);
  return text.includes('%3') ? [...found, ...namedSecrets(text, NAMED_IN_URL)] : found;
}

function namedSecrets(text: string, named: RegExp): FoundSecret[] {
  const found: FoundSecret[] = [];
  for (const match of text.matchAll(named)) {
    const [all, written = ''] = match;
    // Most names are of no secret, and their values need not be looked at.
    if (!NAMES_OF_CREDENTIALS.test(written)) continue;
    VALUE.lastIndex = match.index + all.length;
    const value = VALUE.exec(text);
    const quoted = value?.indices?.[2];
    const [start, end] = quoted ?? value?.indices?.[3] ?? [0, 0];
    // A line break that JSON has escaped is no part of the name: `\npassword`.
    const name = text[match.index - 1] === '\\' && /^[nrt]/.test(written) ? written.slice(1) : written;
    const kind = valueKind(name, text.slice(start, end), quoted !== undefined);
    if (kind !== undefined) found.push({ start, end, kind, rule: 'field-name', contextStart: match.index });
  }
  return found;
}

function valueKind(name: string, value: string, isQuoted: boolean): string | undefined {
  const kind = value === '' ? undefined : secretKindOfField(name, value);
  if (kind === undefined || isTemplate(value) || /^(?:bearer|basic)$/i.test(value)) return undefined;
  return isQuoted || kind === 'PIN' || looksSecret(value) ? kind : undefined;
}
