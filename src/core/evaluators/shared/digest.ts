import type { Action } from '../../trace/model.ts';
import { observationText } from './actions.ts';

/**
 * A short digest of a text for "is it the same answer again?": its length and two 32-bit FNV-1a style hashes. Not for
 * security; it keeps evaluators from holding on to observations.
 */
export function digestOf(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x5bd1e995);
  }
  return `${text.length.toString(36)}.${(a >>> 0).toString(36)}.${(b >>> 0).toString(36)}`;
}

const digests = new WeakMap<Action, string>();

/** Digest of what an action got back; an action without a recorded observation has the digest of nothing, `none`. */
export function observationDigest(action: Action): string {
  if (action.observation === undefined) return 'none';
  const known = digests.get(action);
  if (known !== undefined) return known;
  const digest = digestOf(observationText(action));
  digests.set(action, digest);
  return digest;
}
