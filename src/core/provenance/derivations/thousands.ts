import type { Derivation } from './derivation.ts';
import { sameAmount } from './numberFormat.ts';

export const thousands: Derivation = {
  id: 'thousands',
  summary: 'thousands set apart or not: `1234567` from `1,234,567`',
  spelling: (quote, value) =>
    sameAmount(quote, value) && withoutCommas(quote) === withoutCommas(String(value))
      ? 'with other thousands separators'
      : undefined,
};

function withoutCommas(text: string): string {
  return text.replaceAll(',', '');
}
