import { basicPassword } from './encodings.ts';
import { looksRandom, looksSecret } from './looks.ts';
import { mayBeginAfter, type TextRule } from './textRule.ts';

/** Shapes in which well-known services give out keys and tokens; most have a prefix for the very purpose of being found. */
export const KNOWN_KEYS: TextRule = {
  rule: 'known-key',
  kind: 'API_KEY',
  pattern: new RegExp(
    [
      String.raw`sk-[\w-]{16,}`,
      String.raw`[sr]k_(?:live|test)_\w{10,}`,
      String.raw`whsec_\w{20,}`,
      String.raw`gh[opsru]_\w{30,}`,
      String.raw`github_pat_\w{30,}`,
      String.raw`gl(?:pat|dt|rt|ptt|agent)-[\w-]{18,}`,
      String.raw`xox[abeoprs]-[\w-]{10,}`,
      String.raw`xapp-[\w-]{20,}`,
      '(?:AKIA|ASIA)[A-Z0-9]{16}',
      String.raw`AIza[\w-]{30,}`,
      String.raw`ya29\.[\w-]{20,}`,
      String.raw`(?:hf|npm)_\w{30,}`,
      String.raw`pypi-[\w-]{30,}`,
      String.raw`SG\.[\w-]{16,}\.[\w-]{16,}`,
      'dop_v1_[0-9a-f]{40,}',
      'shp(?:at|ca|pa|ss)_[0-9a-fA-F]{30,}',
      String.raw`lin_api_\w{30,}`,
      // Tokens of JSON (RFC 7519); where one may begin is looked at first, as the search for its end is long.
      String.raw`eyJ(?<!(?<!\\|%[0-9A-F])[\w-]eyJ)[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}`,
      String.raw`(?<=hooks\.slack\.com(?:/|%2F)services(?:/|%2F))T[A-Z0-9]{6,}(?:/|%2F)B[A-Z0-9]{6,}(?:/|%2F)\w{16,}`,
    ].join('|'),
    'dg',
  ),
  accepts: (found, before) => /\d/.test(found) && mayBeginAfter(before),
};

/** A text that is random through and through, and nothing before it says that it is an id or a digest. */
export const RANDOM: TextRule = {
  rule: 'entropy',
  kind: 'SECRET',
  pattern: /(?<![\w+/%-])[A-Za-z0-9_+-]{24,200}={0,2}(?![\w+/%-])/dg,
  // Names in code are long and have digits too, but at their ends; in a random text digits stand all over.
  accepts: (found, before) =>
    (found.match(/\d+/g)?.length ?? 0) >= 4 && looksRandom(found) && !NO_SECRET_FOLLOWS.test(before),
};
/** What is random and no secret says so before it: `"response_id": "gen-…"`, `data:image/png;base64,…`. */
const NO_SECRET_FOLLOWS = /(?:id|ved|base64|hash|digest|etag|signature)[\\"']*\s{0,3}[:=,]\s{0,3}[\\"']*$/i;

/** `postgres://ana:secret@host`, as it is and as a part of a URL. */
export const URL_PASSWORDS: readonly TextRule[] = [
  {
    rule: 'url-password',
    kind: 'PASSWORD',
    pattern: /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@"'<>]{0,200}:([^\s/@"']{1,200})@/dgi,
  },
  {
    rule: 'url-password',
    kind: 'PASSWORD',
    pattern: /%3A%2F%2F[^\s"'&%]{0,100}%3A([^\s"'&/]{1,200}?)%40/dgi,
  },
];

export const BEARER: TextRule = {
  rule: 'bearer',
  kind: 'TOKEN',
  pattern: /\b(?:bearer|basic)(?:\s+|%20)([\w.~+/-]{8,}=*(?:%3D){0,2})/dgi,
  // Credentials in base64 need not have a digit.
  accepts: (found) => looksSecret(found) || basicPassword(found.replace(/%3D/gi, '=')) !== undefined,
};

/** A header of cookies, also where JSON has escaped the line break before it. */
export const COOKIES: TextRule = {
  rule: 'cookie',
  kind: 'SECRET',
  pattern: /(?:^|[\n'"]|\\[nrt])[ \t<>]*(?:set-)?cookie:[ \t]*((?:(?!\\{1,8}[nr"'])[^\n\r'"]){4,4000})/dgi,
};

/** A private key in PEM (RFC 7468), also with its line breaks escaped or as a part of a URL. */
export const PRIVATE_KEY: TextRule = {
  rule: 'private-key',
  kind: 'PRIVATE_KEY',
  pattern: /-----BEGIN(?:[A-Z +]|%20){0,40}PRIVATE(?:[ +]|%20)KEY-----([\w\s+/=\\:,.%-]{20,10000}?)(?=-----END|$)/dg,
};
