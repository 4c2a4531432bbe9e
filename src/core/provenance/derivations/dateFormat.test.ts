import fc from 'fast-check';
import { expect, it } from 'vitest';
import { derivationOf } from '../../../../test/support/originOf.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const date = fc.date({ min: new Date('1990-01-01'), max: new Date('2060-12-31'), noInvalidDate: true });

it('is told of any date in another format', async () => {
  await fc.assert(
    fc.asyncProperty(date, fc.nat(3), async (when, format) => {
      const [year, month, day] = [when.getUTCFullYear(), when.getUTCMonth() + 1, when.getUTCDate()];
      const two = (part: number) => String(part).padStart(2, '0');
      const written = [
        `${MONTHS[month - 1]} ${day}, ${year}`,
        `${day} ${MONTHS[month - 1]?.slice(0, 3)} ${year}`,
        `${year}/${two(month)}/${two(day)}`,
        `${two(month)}/${two(day)}/${year}`,
      ][format];
      const value = when.toISOString().slice(0, 10);
      expect(await derivationOf('day', value, `on ${written} at noon`)).toBe(`date-format 1:${written}`);
    }),
  );
});
