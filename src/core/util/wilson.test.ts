import { expect, it } from 'vitest';
import { wilson } from './wilson.ts';

// Wilson's interval without continuity correction, as R's binom package gives it.
it.each([
  [{ count: 0, of: 0 }, 0, 1],
  [{ count: 0, of: 20 }, 0, 0.1611],
  [{ count: 1, of: 20 }, 0.0089, 0.2361],
  [{ count: 10, of: 20 }, 0.2993, 0.7007],
  [{ count: 20, of: 20 }, 0.8389, 1],
])('%j lies between %d and %d', (rate, low, high) => {
  const interval = wilson(rate);
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});
