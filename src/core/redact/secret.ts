/** What a secret is replaced by: `<EMAIL_1>`, `<SECRET_2>`. The kind says to people and to agents what stood there. */
export type SecretKind = 'EMAIL' | 'PHONE' | 'CARD' | 'USER' | 'SECRET';

/** A stretch `[start, end)` of a text that must not leave the trace, in UTF-16 units. */
export interface FoundSecret {
  readonly start: number;
  readonly end: number;
  readonly kind: SecretKind;
  /** By what it was found: `email`, `field-name`, `github`. */
  readonly rule: string;
}

/** Finds keys of known shapes; given from outside because the rules of a linter need Node. */
export type SecretDetector = (
  text: string,
) => Promise<readonly { readonly start: number; readonly end: number; readonly rule: string }[]>;

/** Any placeholder, ours or one that the trace already had. */
export const PLACEHOLDER = /<(?:EMAIL|PHONE|CARD|USER|SECRET)_\d+>/g;

/** True for a text that has nothing in it but placeholders and signs: there is nothing left to hide. */
export function isRedacted(text: string): boolean {
  return text.includes('<') && text.replace(PLACEHOLDER, '') !== text && !/\w/.test(text.replace(PLACEHOLDER, ''));
}
