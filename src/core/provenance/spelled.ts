import type { Json } from '../util/json.ts';
import { DERIVATIONS } from './derivations/derivations.ts';
import type { ArgumentOrigin } from './origin.ts';

type Shape = Pick<ArgumentOrigin, 'kind' | 'derivation' | 'how'>;

/**
 * Whether a value stands in a quote as it is, and if not, how it is written otherwise: as `known` says where no spelling
 * is all the difference.
 */
export function spelled(quote: string, value: Json, known: Pick<Shape, 'derivation' | 'how'> = OTHERWISE): Shape {
  if (quote === String(value)) return { kind: 'direct' };
  for (const { id, spelling } of DERIVATIONS) {
    const how = spelling?.(quote, value);
    if (how !== undefined) return { kind: 'derived', derivation: id, how };
  }
  return { kind: 'derived', ...known };
}

const OTHERWISE = { derivation: 'separators', how: 'written in another way' };
