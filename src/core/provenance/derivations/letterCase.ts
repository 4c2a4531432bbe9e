import type { Derivation } from './derivation.ts';

export const letterCase: Derivation = {
  id: 'case',
  summary: 'letters in other case: `w2378156` from `W2378156`',
  spelling: (quote, value) =>
    typeof value === 'string' && quote.toLowerCase() === value.toLowerCase() ? 'in other case' : undefined,
};
