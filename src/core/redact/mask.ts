import { findCredentials } from './findSecrets.ts';
import { GIANT, maskStretch } from './maskStretch.ts';
import { maskOf } from './maskWords.ts';
import { secretKindOfField } from './secretFields.ts';
import type { FoundSecret } from './textRule.ts';

/**
 * The text with a mask in place of every credential; the same string when it has none. In a giant text (see
 * maskStretch.ts) masks are as long as what they cover.
 */
export function maskText(text: string): string {
  if (text.length >= GIANT) return maskStretch(text, 0, text.length);
  const found = findCredentials(text);
  if (found.length === 0) return text;
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  let masked = '';
  let at = 0;
  for (const secret of found) {
    if (secret.end <= at) continue;
    // What reaches into the one before is the rest of the same secret.
    if (secret.start >= at) masked += text.slice(at, secret.start) + inPlace(text, secret);
    at = secret.end;
  }
  return masked + text.slice(at);
}

/** A bare number in JSON text becomes a text there, or the JSON would be none any more. */
function inPlace(text: string, { start, end, kind }: FoundSecret): string {
  const mask = maskOf(kind);
  if (!/^\d+$/.test(text.slice(start, end))) return mask;
  const quote = /(\\*")\s{0,3}:\s{0,3}$/.exec(text.slice(Math.max(0, start - 20), start))?.[1] ?? '';
  return quote + mask + quote;
}

/** The value of a field with a mask in its place when it is, or holds, a credential; the same value when not. */
export function maskField(name: string, value: string): string;
export function maskField(name: string, value: string | number): string | number;
export function maskField(name: string, value: string | number): string | number {
  const text = String(value);
  const kind = text.trim() === '' ? undefined : secretKindOfField(name, text);
  if (kind !== undefined && (typeof value === 'string' || kind === 'PIN')) return maskOf(kind);
  return typeof value === 'string' ? maskText(value) : value;
}

/**
 * A copy of plain data with a mask in place of every credential, in texts and in fields that are named for one. The same
 * value when there is none. Base64 image data is left alone. Without recursion, as traces may nest deep.
 */
export function maskSecrets<T>(value: T): T {
  const top: unknown[] = [];
  let changed = false;
  const stack: Place[] = [{ node: value, name: '', put: (copy) => top.push(copy) }];
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    const { node, name, put } = place;
    if (typeof node === 'string' || typeof node === 'number') {
      const masked = maskField(name, node);
      changed ||= masked !== node;
      put(masked);
    } else if (Array.isArray(node)) {
      const copy: unknown[] = [];
      put(copy);
      // The name of a list is the name of what is in it: `cookies: [...]`.
      for (let i = node.length - 1; i >= 0; i--) {
        stack.push({ node: node[i], name, put: (child) => copy.push(child) });
      }
    } else if (typeof node === 'object' && node !== null) {
      const copy: Record<string, unknown> = {};
      put(copy);
      const isImage = 'type' in node && node.type === 'image';
      for (const [key, child] of Object.entries(node).reverse()) {
        const set = (made: unknown) => {
          if (key === '__proto__') Object.defineProperty(copy, key, { value: made, enumerable: true });
          else copy[key] = made;
        };
        if (isImage && key === 'data') stack.push({ node: undefined, name: '', put: () => set(child) });
        else stack.push({ node: child, name: key, put: set });
      }
    } else put(node);
  }
  // The copy has the shape of the value: only texts in it differ.
  return changed ? (top[0] as T) : value;
}

/** A value on its way into the copy. */
interface Place {
  readonly node: unknown;
  readonly name: string;
  readonly put: (copy: unknown) => void;
}
