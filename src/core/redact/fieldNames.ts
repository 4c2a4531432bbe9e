import type { SecretKind } from './secret.ts';

/** Words of a name that make its value a secret. Counts (`max_tokens`, `token_count`) and schemas are none. */
const SECRET =
  /^(?:.+_)?(?:password|passwd|passphrase|passcode|pwd|secret|secret_key|client_secret|token|api_?key|access_?key|auth_?key|private_?key|signing_?key|encryption_?key|authorization|proxy_authorization|cookie|set_cookie|session_cookie|credentials?|bearer|cvv|cvc|pin_?code|otp|ssn)$/;
const NO_SECRET = /(?:^|_)(?:page|next|continuation|cursor|sync|resume)_token$/;
const PHONE = /^(?:.+_)?(?:phone|telephone|mobile|cell|fax|phone_number|mobile_number|tel)$/;
const CARD = /^(?:.+_)?(?:card_number|credit_card_number|pan|iban|account_number)$/;

/** What the value under a name is, told by the name alone; undefined when the name says nothing. */
export function kindOfField(name: string): SecretKind | undefined {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
  if (SECRET.test(words)) return NO_SECRET.test(words) ? undefined : 'SECRET';
  if (PHONE.test(words)) return 'PHONE';
  return CARD.test(words) ? 'CARD' : undefined;
}

/** Whether a value under such a name is one: a count, a word like "none" or a type name in a schema is not. */
export function isSecretValue(kind: SecretKind, value: string): boolean {
  const text = value.trim();
  if (kind === 'PHONE' || kind === 'CARD') return text.replace(/\D/g, '').length >= 7;
  return (
    text.length >= 3 &&
    !/^(?:true|false|null|none|undefined|string|number|object|required|optional|missing|invalid|expired|valid)$/i.test(
      text,
    )
  );
}
