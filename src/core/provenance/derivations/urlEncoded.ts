import { attempt, throughCodec } from './codec.ts';
import type { Derivation } from './derivation.ts';

export const urlEncoded: Derivation = {
  id: 'url-encoded',
  summary: 'URL-encoded or decoded: `caf%C3%A9%20bar` from `café bar`',
  grounds: (asked) => throughCodec(asked, 'URL-encoded', formsOf),
  spelling: (quote, value) =>
    typeof value === 'string' && (formsOf(quote).includes(value) || formsOf(value).includes(quote))
      ? 'URL-encoded'
      : undefined,
};

function formsOf(text: string): string[] {
  const forms: (string | undefined)[] = [];
  if (/%[\da-f]{2}/i.test(text)) forms.push(attempt(() => decodeURIComponent(text)));
  if (/[+%]/.test(text)) forms.push(attempt(() => decodeURIComponent(text.replaceAll('+', ' '))));
  if (/[^\w.~-]/.test(text)) {
    const encoded = attempt(() => encodeURIComponent(text));
    forms.push(
      encoded,
      attempt(() => encodeURI(text)),
      encoded?.replaceAll('%20', '+'),
    );
  }
  return forms.filter((form) => form !== undefined);
}
