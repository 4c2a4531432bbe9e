import fc from 'fast-check';
import { expect, it } from 'vitest';
import { derivationOf } from '../../../../test/support/originOf.ts';

const date = fc.date({ min: new Date('1990-01-01'), max: new Date('2060-12-31'), noInvalidDate: true });

it('finds a date at most a week away, and none further off', async () => {
  await fc.assert(
    fc.asyncProperty(date, fc.integer({ min: 1, max: 30 }), fc.boolean(), async (when, days, isLater) => {
      const given = when.toISOString().slice(0, 10);
      const value = new Date(when.getTime() + (isLater ? days : -days) * 86_400_000).toISOString().slice(0, 10);
      expect(await derivationOf('day', value, `on ${given}`)).toBe(days <= 7 ? `near-date 1:${given}` : 'nowhere');
    }),
  );
});

it('adds a year', async () => {
  expect(await derivationOf('day', '2026-05-16', 'on May 16')).toBe('near-date 1:May 16');
});
