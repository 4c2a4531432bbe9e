import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Json } from './json.ts';
import { jsonText } from './jsonText.ts';

/**
 * Canonical JSON: keys sorted by UTF-16 code unit, no white space, numbers as ECMAScript prints them (so `1.0` and `1`
 * are equal), after RFC 8785. Two argument objects are the same call exactly when their canonical texts are equal.
 */
export function canonicalJson(value: Json): string {
  return jsonText(value, Number.POSITIVE_INFINITY, true);
}

/** SHA-256 of a text's UTF-8 bytes, as 64 lower-case hexadecimal digits. */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** The hash by which recorded calls are matched: SHA-256 of the canonical JSON of the arguments. */
export function hashOf(value: Json): string {
  return sha256Hex(canonicalJson(value));
}
