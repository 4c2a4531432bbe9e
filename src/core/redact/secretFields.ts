/** Last words of names whose value is a secret: `password`, `stripe_api_key`, `Set-Cookie`. */
const SECRET =
  /(?:^|_)(?:password|passwd|pwd|passphrase|passcode|secret|secret_key|api_key|apikey|access_key|private_key|signing_key|encryption_key|token|jwt|authorization|cookies?|credentials?)$/;
/** Names that end like a secret and are none: page cursors and words of tokenizers. */
const NO_SECRET = /(?:^|_)(?:page|continuation|next|sync|cursor|stop|eos|bos|pad|unk|max|min|per|first|last)_token$/;
/** Names of short secrets, which are secret only when they are digits. */
const DIGITS = /(?:^|_)(?:pin|pin_code|cvv|cvc|ssn|otp|one_time_code)$/;

/**
 * The kind of secret that a field of this name holds (`PASSWORD`, `API_KEY`, `TOKEN`, `SECRET`), or undefined. Words may
 * be joined in any manner (`apiKey`, `API-KEY`).
 */
export function secretKindOfField(name: string, value: string): string | undefined {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase()
    .replace(/^_+|_+$/g, '');
  if (DIGITS.test(words)) return /^[\d -]{3,11}$/.test(value) ? 'PIN' : undefined;
  if (!SECRET.test(words) || NO_SECRET.test(words)) return undefined;
  if (/pass|pwd/.test(words)) return 'PASSWORD';
  if (/key$/.test(words)) return 'API_KEY';
  return /token$|jwt$|authorization$/.test(words) ? 'TOKEN' : 'SECRET';
}
