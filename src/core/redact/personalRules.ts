import { mayBeginAfter, type TextRule } from './textRule.ts';

/** What tells of a person: addresses, numbers, accounts, home folders. */
export const PERSONAL_RULES: readonly TextRule[] = [
  {
    rule: 'email',
    kind: 'EMAIL',
    needs: /@|%40/,
    pattern:
      /(?:(?<![\w.+%\\-])|(?<=\\[nrt]|%(?!40)[0-9A-Fa-f]{2}))[\w.+-]{1,64}(?:@|%40)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/dg,
    accepts: (found) => /\.[A-Za-z]{2,24}$/.test(found) && !NO_ADDRESS.test(found),
  },
  {
    rule: 'home-folder',
    kind: 'HOME',
    needs: /home|Users/,
    pattern: new RegExp(
      [
        String.raw`[A-Za-z](?::|%3A)(?:\\{1,8}|/|%5C)Users(?:\\{1,8}|/|%5C)[\w.-]+`,
        String.raw`(?:(?<![\w.~%-])|(?<=\\[nrt]|%3A))(?:(?:/mnt)?/[a-z])?/(?:home|Users)/[\w.-]+`,
        String.raw`%2F(?:home|Users)%2F[\w.-]+`,
      ].join('|'),
      'dg',
    ),
  },
  {
    rule: 'phone',
    kind: 'PHONE',
    pattern:
      /(?:(?<![\w+.-])|(?<=\\[nrt]))(?:(?:\+|%2B|00(?=\d{1,3}(?:[ .-]|%20)))\d{1,3}(?:[ .-]|%20)?(?:\(?\d{1,4}\)?(?:[ .-]|%20)?){2,5}\d{2,4}|\(\d{3}\)(?: |%20)?\d{3}(?:[ .-]|%20)\d{4}|\d{3}[.-]\d{3}[.-]\d{4})(?![\w-])/dg,
    accepts: (found) => /^\D*(?:\d\D*){8,17}$/.test(found.replace(/%../g, ' ')),
  },
  {
    rule: 'card-number',
    kind: 'CARD',
    pattern: /(?:(?<![\w.-])|(?<=\\[nrt]))\d(?:[ -]?\d){12,18}(?![\w-]|\.\d)/dg,
    accepts: isCardNumber,
  },
  {
    rule: 'iban',
    kind: 'IBAN',
    needs: /[A-Z]{2}\d{2}/,
    pattern: /[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)/dg,
    accepts: (found, before) => isIban(found) && mayBeginAfter(before),
  },
];

/** Looks like an address: how git is asked for a repository, and names of pictures for displays of twice the dots. */
const NO_ADDRESS = /^git@|@\dx\.|\.(?:png|jpe?g|gif|svg|webp|css|js|ts|py|json|html|md)$/i;

/** First digits and lengths that issuers of cards use, and Luhn's check. */
function isCardNumber(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  if (
    !/^(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[0689]\d{12}|35\d{14}|6\d{15})$/.test(digits)
  )
    return false;
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const doubled = i % 2 === 1 ? Number(digit) * 2 : Number(digit);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0 && new Set(digits).size > 1;
}

/** The check digits of ISO 13616: rearranged and read as a number, it leaves 1 when divided by 97. */
function isIban(text: string): boolean {
  const bare = text.replace(/ /g, '');
  let rest = 0;
  for (const character of bare.slice(4) + bare.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return bare.length >= 15 && rest === 1;
}
