/** Any value that JSON can hold. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** True for a JSON object (not null, not an array). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value under an own key of an object, or undefined. Never walks the prototype chain (`__proto__` is data). */
export function field(value: unknown, key: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The value at a path of own keys and array positions, or undefined. */
export function at(value: unknown, ...path: readonly (string | number)[]): Json | undefined {
  let here: unknown = value;
  for (const part of path) {
    if (typeof part === 'number') here = Array.isArray(here) ? here[part] : undefined;
    else here = field(here, part);
    if (here === undefined) return undefined;
  }
  return here as Json;
}

/** The value if it is a string, else undefined. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The value if it is a string with something in it, else undefined. */
export function asFilledText(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** The value as a finite number: a number, or a string that is one (OTLP `intValue`), else undefined. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'string' && value.trim() !== '') {
    const number = Number(value);
    return Number.isFinite(number) ? number : undefined;
  }
  return undefined;
}

/** The value if it is an array, else an empty one. */
export function asArray(value: unknown): Json[] {
  return Array.isArray(value) ? value : [];
}

/** How any JSON text begins. */
const OPENING = /^[ \t\r\n]*(?:[[{"]|-?\d|true|false|null)/;

/** `JSON.parse` that answers undefined instead of throwing. */
export function tryParse(text: string): Json | undefined {
  // Plain text is the common case, and an exception costs more than reading it.
  if (!OPENING.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
