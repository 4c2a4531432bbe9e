import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RecentNumbers } from './recentNumbers.ts';

it('answers as a walk over all numbers would, for any text and any count', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(300), fc.nat(2)), { maxLength: 1500, size: 'max' }),
      fc.nat(1500),
      fc.integer({ min: 1, max: 200 }),
      (entries, before, most) => {
        const recent = new RecentNumbers();
        const all: { value: number; text: number }[] = [];
        let text = 0;
        for (const [value, gap] of entries) {
          text += gap;
          recent.add(value, text);
          all.push({ value, text });
        }
        const expected: { value: number; text: number }[] = [];
        for (const entry of all.reverse()) {
          if (entry.text >= before || expected.length >= most) continue;
          if (!expected.some(({ value }) => value === entry.value)) expected.push(entry);
        }
        expect(recent.before(before, most)).toEqual(expected);
      },
    ),
    { numRuns: 40 },
  );
});
