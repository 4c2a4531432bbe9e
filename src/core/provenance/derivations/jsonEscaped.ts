import { attempt, throughCodec } from './codec.ts';
import type { Derivation } from './derivation.ts';

/** Strings of JSON inside strings of JSON: at most so deep. */
const DEEPEST = 3;

export const jsonEscaped: Derivation = {
  id: 'json-escaped',
  summary: 'a string inside JSON inside a string, escaped or not: `say "hi"` from `say \\"hi\\"`',
  grounds: (asked) => throughCodec(asked, 'JSON-escaped', variantsOf),
  spelling: (quote, value) =>
    typeof value === 'string' && (variantsOf(quote).includes(value) || variantsOf(value).includes(quote))
      ? 'JSON-escaped'
      : undefined,
};

/** A text as it would be escaped, and as it would be without its escapes, up to three deep. */
function variantsOf(text: string): string[] {
  const variants: string[] = [];
  if (text.includes('\\')) {
    for (let plain: string | undefined = text, i = 0; i < DEEPEST && plain?.includes('\\') === true; i++) {
      plain = unescaped(plain);
      if (plain !== undefined) variants.push(plain);
    }
  }
  if (/["\\\n\t\r]|[^\x20-\x7e]/.test(text)) {
    for (let escaped = text, i = 0; i < DEEPEST; i++) {
      escaped = JSON.stringify(escaped).slice(1, -1);
      variants.push(escaped);
      if (i === 0 && /[^\x20-\x7e]/.test(escaped)) variants.push(asciiOf(escaped));
    }
  }
  return variants;
}

function unescaped(text: string): string | undefined {
  return attempt(() => String(JSON.parse(`"${text}"`)));
}

/** As writers that keep to ASCII escape it: `caf\u00e9`. */
function asciiOf(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
