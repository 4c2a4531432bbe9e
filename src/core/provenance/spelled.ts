import type { Json } from '../util/json.ts';
import { DERIVATIONS } from './derivations/derivations.ts';
import type { ArgumentOrigin } from './origin.ts';

/** Whether a value stands in a quote as it is, and if not, how it is written otherwise. */
export function spelled(quote: string, value: Json): Pick<ArgumentOrigin, 'kind' | 'derivation' | 'how'> {
  if (quote === String(value)) return { kind: 'direct' };
  for (const { id, spelling } of DERIVATIONS) {
    const how = spelling?.(quote, value);
    if (how !== undefined) return { kind: 'derived', derivation: id, how };
  }
  return { kind: 'derived', derivation: 'separators', how: 'written in another way' };
}
