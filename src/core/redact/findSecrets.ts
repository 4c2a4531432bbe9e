import { BEARER, COOKIES, KNOWN_KEYS, PRIVATE_KEY, RANDOM, URL_PASSWORDS } from './keyRules.ts';
import { isTemplate, looksSecret } from './looks.ts';
import { PERSONAL_RULES } from './personalRules.ts';
import { secretKindOfField } from './secretFields.ts';
import { type FoundSecret, matchesOf } from './textRule.ts';

/** `"password": "x"`, `API_KEY=x`, `--token x`, `password is x`: the name, the quote of the value, the value. */
const ASSIGNED = new RegExp(
  [
    String.raw`(?:(?<![\w\\-])|(?<=\\[nrt]|--|%[0-9A-Fa-f]{2}))([A-Za-z_][\w-]{1,60})`,
    `(?:${[
      String.raw`(?:\\{0,8}["']|%22)?\]?(?:\s{0,3}(?::=|=>|[:=])\s{0,3}|%3D|%3A)`,
      String.raw`\s+(?:for \S{1,40} )?(?:is|was):?\s+`,
      String.raw`(?<=(?<![\w-])--[A-Za-z][\w-]{1,60})\s+`,
      String.raw`(?<=<[\w-]{2,61})>`,
    ].join('|')})`,
    String.raw`(?:(\\{0,8}["'${'`'}]|%22)((?:(?!\2)[^\\\n]|\\(?!\2).){1,400}?)\2`,
    String.raw`|((?:(?!%(?:3B|26|22|27|20|0A|2C)|\\{1,8}[nrt\"'])[^\s"'${'`'},;{}()[\]<>&]){4,400}))`,
  ].join(''),
  'dg',
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
  const found: FoundSecret[] = [];
  ASSIGNED.lastIndex = 0;
  for (let match = ASSIGNED.exec(text); match !== null; match = ASSIGNED.exec(text)) {
    const [, name = ''] = match;
    const quoted = match.indices?.[3];
    const [start, end] = quoted ?? match.indices?.[4] ?? [0, 0];
    const value = text.slice(start, end);
    const kind = secretKindOfField(name, value);
    const isSecret =
      kind !== undefined &&
      !isTemplate(value) &&
      (quoted !== undefined || kind === 'PIN' || looksSecret(value)) &&
      !/^(?:bearer|basic)$/i.test(value);
    if (isSecret) found.push({ start, end, kind, rule: 'field-name', contextStart: match.index });
    // What is given to another name may hold one of a secret: `url: 'Server=x;Password=y'`.
    else ASSIGNED.lastIndex = match.index + name.length;
  }
  return found;
}
