import { isTemplate } from './looks.ts';

/** Last words of names whose value is a secret: `password`, `stripe_api_key`, `Set-Cookie`. */
const SECRET =
  /(?:^|_)(?:(?:pg|db|user)?password|passwd|pwd|passphrase|passcode|(?:db|smtp|mail|user|ftp|admin|root)_?pass|secret|(?:secret|api|access|private|signing|encryption|account|master|license)_?key|token|jwt|authorization|bearer|cookies?|credentials?|(?:php|j|asp_net_)?sess(?:ion)?id|connect_sid|sid|amz_signature)$/;
/** Names that end like a secret and are none: page cursors and words of tokenizers. */
const NO_SECRET = /(?:^|_)(?:page|continuation|next|sync|cursor|stop|eos|bos|pad|unk|max|min|per|first|last)_token$/;
/** Names of short secrets, which are secret only when they are digits. */
const DIGITS = /(?:^|_)(?:pin|pin_code|cvv|cvc|ssn|otp|one_time_code)$/;
/** The signature of a URL that gives access to storage. */
const SIGNATURE = /^(?:sig|signature)$/;
const NUMBER = /(?:^|_)(?:phone|phone_number|mobile|mobile_number|telephone|cell_phone|fax|whatsapp)$/;

/**
 * The kind of secret that a field of this name holds (`PASSWORD`, `API_KEY`, `TOKEN`, `SECRET`), or undefined. Words may
 * be joined in any manner (`apiKey`, `API-KEY`).
 */
export function secretKindOfField(name: string, value: string): string | undefined {
  const words = wordsOf(name);
  if (DIGITS.test(words)) return /^[\d -]{3,11}$/.test(value) ? 'PIN' : undefined;
  if (SIGNATURE.test(words)) return /^[\w%+/-]{40,}={0,2}$/.test(value) && /\d/.test(value) ? 'TOKEN' : undefined;
  if (!SECRET.test(words) || NO_SECRET.test(words) || isTemplate(value)) return undefined;
  if (/pass|pwd/.test(words)) return 'PASSWORD';
  if (/key$/.test(words)) return 'API_KEY';
  return /token$|jwt$|authorization$|bearer$/.test(words) ? 'TOKEN' : 'SECRET';
}

/** The kind of what tells of a person in a field of this name, which is no credential; or undefined. */
export function personalKindOfField(name: string, value: string): string | undefined {
  return NUMBER.test(wordsOf(name)) && /^[+(]?\d(?:[ ()./-]{0,2}\d){6,16}$/.test(value) ? 'PHONE' : undefined;
}

function wordsOf(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase()
    .replace(/^_+|_+$/g, '');
}
