import { secretKindOfField } from './secretFields.ts';

/** A secret in a text: where it stands, what it is, and which rule says so. */
export interface FoundSecret {
  readonly start: number;
  readonly end: number;
  /** First part of the placeholder: `EMAIL`. */
  readonly kind: string;
  /** `email`, `phone`, `field-name`, or the detector's name of its rule. */
  readonly rule: string;
}

interface TextRule {
  readonly rule: string;
  readonly kind: string;
  /** Has the flags `gd`; group 1, where there is one, is the secret, else the whole match is. */
  readonly pattern: RegExp;
  /** `before` is the up to 30 characters that stand before the secret. */
  readonly accepts?: (found: string, before: string) => boolean;
}

const URL_PASSWORD: TextRule = {
  rule: 'url-password',
  kind: 'PASSWORD',
  pattern: /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@"'<>]{1,200}:([^\s/@"']{1,200})@/dgi,
};

const BEARER: TextRule = {
  rule: 'bearer',
  kind: 'TOKEN',
  pattern: /\b(?:bearer|basic)\s+([\w.~+/-]{8,}=*)/dgi,
  accepts: looksSecret,
};

const RULES: readonly TextRule[] = [
  {
    rule: 'email',
    kind: 'EMAIL',
    pattern: /(?<![\w.+%-])[\w.+%-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/dg,
    accepts: (found) => /\.[A-Za-z]{2,}/.test(found),
  },
  URL_PASSWORD,
  BEARER,
  {
    rule: 'home-folder',
    kind: 'HOME',
    pattern: /(?:\/home|\/Users)\/[\w.-]+|[A-Za-z]:(?:\\{1,2}|\/)Users(?:\\{1,2}|\/)[\w.-]+/dg,
  },
  {
    rule: 'phone',
    kind: 'PHONE',
    pattern:
      /(?<![\w+.-])(?:\+\d{1,3}[ .-]?(?:\(?\d{1,4}\)?[ .-]?){2,5}\d{2,4}|\(\d{3}\) ?\d{3}[ .-]\d{4}|\d{3}[.-]\d{3}[.-]\d{4})(?![\w-])/dg,
    accepts: (found) => /^\D*(?:\d\D*){8,15}$/.test(found),
  },
  { rule: 'card-number', kind: 'CARD', pattern: /(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w.-])/dg, accepts: isCardNumber },
  {
    rule: 'entropy',
    kind: 'SECRET',
    pattern: /(?<![\w+-])[A-Za-z0-9_+-]{24,200}={0,2}(?![\w+-])/dg,
    accepts: looksRandom,
  },
];

/** `"password": "x"`, `API_KEY=x`, `password is x`: the name, the quote of the value, the value. */
const ASSIGNED =
  /(?<![\w-])([A-Za-z_][\w-]{1,60})(\\{0,8}["'])?(?:\s{0,3}[:=]\s{0,3}|\s+(?:is|was)\s+)(?:(\\{0,8}["'])((?:(?!\3)[^\\\n]|\\(?!\3).){1,400}?)\3|([^\s"',;{}()[\]<>&]{4,400}))/dg;

/** Every secret that the rules know in a text, in any order; they may overlap. */
export function findSecrets(text: string): FoundSecret[] {
  return [...RULES.flatMap((rule) => matchesOf(rule, text)), ...assignedSecrets(text)];
}

/** Shapes in which well-known services give out keys; a header of cookies; a private key in PEM (RFC 7468). */
const KNOWN_KEYS: TextRule = {
  rule: 'known-key',
  kind: 'API_KEY',
  pattern:
    /(?<![\w-])(?:sk-[\w-]{16,}|[sr]k_(?:live|test)_\w{10,}|gh[opsru]_\w{30,}|github_pat_\w{30,}|glpat-[\w-]{18,}|xox[abeoprs]-[\w-]{10,}|(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[\w-]{30,}|hf_\w{30,}|npm_\w{30,})/dg,
  accepts: (found) => /\d/.test(found),
};
const COOKIES: TextRule = {
  rule: 'cookie',
  kind: 'SECRET',
  pattern: /(?:^|[\n'"])[ \t<>]*(?:set-)?cookie:[ \t]*([^\n\r'"]{4,4000})/dgi,
};
const PRIVATE_KEY: TextRule = {
  rule: 'private-key',
  kind: 'PRIVATE_KEY',
  pattern: /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----([\w\s+/=\\:,.-]{20,10000}?)(?=-----END|$)/dg,
};
const RANDOM: TextRule = {
  rule: 'entropy',
  kind: 'SECRET',
  pattern: /(?<![\w+/-])[A-Za-z0-9_+-]{24,200}={0,2}(?![\w+/-])/dg,
  // Names in code are long and have digits too, but at their ends; in a random text digits stand all over.
  accepts: (found, before) =>
    (found.match(/\d+/g)?.length ?? 0) >= 4 && looksRandom(found) && !NO_SECRET_FOLLOWS.test(before),
};
/** What is random and no secret says so before it: `"response_id": "gen-…"`, `data:image/png;base64,…`. */
const NO_SECRET_FOLLOWS = /(?:id|ved|base64|hash|digest|etag|signature)[\\"']*\s{0,3}[:=,]\s{0,3}[\\"']*$/i;

/**
 * Every credential in a text: keys, tokens, passwords, cookies. Unlike `findSecrets` no e-mail addresses, phone numbers
 * and folders, which a person needs while debugging. Made to be quick: about 0.1 ms for 20 KB that hold none.
 */
export function findCredentials(text: string): FoundSecret[] {
  if (text.length < 4) return [];
  const found = matchesOf(KNOWN_KEYS, text);
  if (text.length >= 24) found.push(...matchesOf(RANDOM, text));
  if (text.includes('://')) found.push(...matchesOf(URL_PASSWORD, text));
  if (!NAMES_OF_CREDENTIALS.test(text)) return found;
  for (const rule of [BEARER, COOKIES, PRIVATE_KEY]) found.push(...matchesOf(rule, text));
  // Stars and dots in place of a password hide nothing.
  found.push(...assignedSecrets(text).filter(({ start, end }) => /[\p{L}\p{N}]/u.test(text.slice(start, end))));
  return found;
}

/** A word of one of these must stand in a text in which a credential is known by its name. */
const NAMES_OF_CREDENTIALS =
  /pass|pwd|secret|key|token|jwt|auth|cookie|credential|bearer|basic|pin|cvv|cvc|ssn|otp|one_time|PRIVATE/i;

function matchesOf({ rule, kind, pattern, accepts }: TextRule, text: string): FoundSecret[] {
  const found: FoundSecret[] = [];
  for (const match of text.matchAll(pattern)) {
    const [start, end] = match.indices?.[1] ?? match.indices?.[0] ?? [0, 0];
    const isAccepted =
      accepts === undefined || accepts(text.slice(start, end), text.slice(Math.max(0, start - 30), start));
    if (isAccepted) found.push({ start, end, kind, rule });
  }
  return found;
}

/** Values that a text gives to a name of a secret. Prose such as "password: click here" is left alone. */
function assignedSecrets(text: string): FoundSecret[] {
  const found: FoundSecret[] = [];
  for (const match of text.matchAll(ASSIGNED)) {
    const quoted = match.indices?.[4];
    const [start, end] = quoted ?? match.indices?.[5] ?? [0, 0];
    const value = text.slice(start, end);
    const kind = secretKindOfField(match[1] ?? '', value);
    if (kind === undefined || (quoted === undefined && kind !== 'PIN' && !looksSecret(value))) continue;
    if (!/^(?:bearer|basic)$/i.test(value)) found.push({ start, end, kind, rule: 'field-name' });
  }
  return found;
}

/** Letters and digits together: no word of a language. */
function looksSecret(text: string): boolean {
  return text.length >= 6 && /\d/.test(text) && /[A-Za-z]/.test(text);
}

/** Ids that providers give to calls, messages and answers look random and are no secret. */
const OPEN_ID = /^(?:call|toolu|srvtoolu|chatcmpl|msg|resp|run|thread|asst|req|item|fc|rs)[_-]/;

/** Mixed letters and digits with at least 4 bits of entropy a character. Digests and UUIDs (one case only) are no secrets. */
function looksRandom(text: string): boolean {
  if (!/\d/.test(text) || !/[a-z]/.test(text) || !/[A-Z]/.test(text) || OPEN_ID.test(text)) return false;
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits >= 4;
}

/** Luhn's check over 13 to 19 digits. */
function isCardNumber(text: string): boolean {
  const digits = [...text.replace(/\D/g, '')].map(Number).reverse();
  const sum = digits.reduce((total, digit, i) => {
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return digits.length >= 13 && sum % 10 === 0 && new Set(digits).size > 1;
}
