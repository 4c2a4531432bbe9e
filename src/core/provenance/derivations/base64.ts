import { attempt, throughCodec } from './codec.ts';
import type { Derivation } from './derivation.ts';

/** Fewer characters are no sign that a value is base64. */
const SHORTEST = 8;

export const base64: Derivation = {
  id: 'base64',
  summary: 'base64 or base64url, encoded or decoded: `VzEwMDIzNDU=` from `W1002345`',
  grounds: (asked) => throughCodec(asked, 'base64', (value) => [...decoded(value), ...encoded(value)]),
  spelling: (quote, value) =>
    typeof value === 'string' && (decoded(value).includes(quote) || encoded(value).includes(quote))
      ? 'base64'
      : undefined,
};

function decoded(value: string): string[] {
  if (value.length < SHORTEST || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(value)) return [];
  const bytes = attempt(() => atob(value.replaceAll('-', '+').replaceAll('_', '/')));
  const text = bytes === undefined ? undefined : attempt(() => fromUtf8(bytes));
  // Any word of the right length can be decoded, to rubbish.
  return text !== undefined && /^[^\p{Cc}\ufffd]+$/u.test(text.replace(/\s/g, ' ')) ? [text.trim()] : [];
}

function encoded(value: string): string[] {
  const whole = attempt(() => btoa(toUtf8(value)));
  return whole === undefined || whole.length < SHORTEST ? [] : [whole];
}

/** One character for each byte, as `btoa` wants them, and back; this floor knows no TextEncoder. */
function toUtf8(text: string): string {
  return encodeURIComponent(text).replace(/%([\dA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function fromUtf8(bytes: string): string {
  return decodeURIComponent(bytes.replace(/./gs, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`));
}
