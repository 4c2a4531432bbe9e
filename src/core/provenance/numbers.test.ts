import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asAmount, combine, numbersIn, significantDigits, standsAlone } from './numbers.ts';

const values = (text: string) => [...numbersIn(text)].map(({ value }) => value);

describe('numbersIn', () => {
  it.each<[string, number[]]>([
    ['It costs $1,234.50.', [1234.5]],
    ['1.234,50 EUR', [1234.5]],
    ['{"total":172.5,"n":3}', [172.5, 3]],
    ['5k and 2m', [5000, 2_000_000]],
    ['flight HAT170, card_7781', []],
    ['-12 and 12%', [12, 12]],
    ['1.2.3 and 0.05, 7.', [1.2, 0.05, 7]],
    ['1.5k, 1.5kg', [1500, 1]],
    ['12.50, 1234567890123456', [12.5]],
    ['no numbers', []],
  ])('%s', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it('finds any amount again, however its thousands are written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), (cents) => {
        const amount = cents / 100;
        expect(values(`a ${amount} b`)).toEqual([amount]);
        expect(values(`a $${amount.toLocaleString('en-US', { maximumFractionDigits: 2 })} b`)).toEqual([amount]);
      }),
    );
  });
});

describe('standsAlone', () => {
  it.each<[string, boolean[]]>([
    ['{"total":172}', [true]],
    ['at 11:30', [false, false]],
    ['#1042', [false]],
    ['cost -12', [true]],
  ])('%s', (text, expected) => {
    expect([...numbersIn(text)].map((number) => standsAlone(text, number))).toEqual(expected);
  });
});

describe('combine', () => {
  it.each<[number, number[], string | undefined]>([
    [252.5, [172.5, 80], 'sum of 2 numbers'],
    [92.5, [172.5, 80], 'difference of 2 numbers'],
    [345, [172.5], '2 times a number'],
    [600, [100, 200, 300], '6 times a number'],
    [652, [110, 217, 325], 'sum of 3 numbers'],
    [981, [110, 217], '3 times the sum of 2 numbers'],
    [110, [217, 325, 432], 'sum of 2 numbers less a third'],
    [110, [217, 325, 652], 'a number less 2 others'],
    [1_007_500, [130, 250, 31], 'product of 3 numbers'],
    [12.5, [1250], 'a number times or over 100'],
    [173, [172.6], 'a number, rounded'],
    [160, [20, 39], undefined],
    [340, [20, 17], undefined],
    [340, [170, 2], '2 times a number'],
    [999, [172.5, 80], undefined],
    [5, [], undefined],
  ])('%d from %o: %s', (target, pool, how) => {
    expect(combine(target, pool)?.how).toBe(how);
  });

  it('names operands that do make the number, when it is a plain sum', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 100, max: 999 }), { minLength: 2, maxLength: 8 }), (pool) => {
        const made = combine((pool[0] ?? 0) + (pool[1] ?? 0), pool);
        expect(made).toBeDefined();
        for (const operand of made?.operands ?? []) expect(pool).toContain(operand);
      }),
    );
  });
});

describe('amounts', () => {
  it.each<[unknown, number | undefined]>([
    ['$1,234.50', 1234.5],
    ['12 EUR', 12],
    ['12%', 12],
    [7, 7],
    ['order 7', undefined],
    ['7 or 8', undefined],
    [null, undefined],
  ])('%o is %o', (value, amount) => {
    expect(asAmount(value)).toBe(amount);
  });

  it('counts digits without leading zeros', () => {
    expect([105, 500, 1.05, 0.105, 7, 0].map(significantDigits)).toEqual([3, 3, 3, 3, 1, 0]);
  });
});
