import type { Derivation } from './derivation.ts';
import { sameAmount } from './numberFormat.ts';

export const currency: Derivation = {
  id: 'currency',
  summary: 'an amount with or without its currency: `1234` from `$1,234`, `12.50 EUR` from `12.50`',
  spelling: (quote, value) => {
    if (!sameAmount(quote, value)) return undefined;
    const [quoted, given] = [CURRENCY.test(quote), CURRENCY.test(String(value))];
    if (quoted === given) return undefined;
    return quoted ? 'without its currency' : 'with a currency added';
  },
};

const CURRENCY = /[$€£¥₹]|\b(?:usd|eur|gbp)\b/i;
