import { codeAt, digitRuns, isDigit, isWordCharacter } from './characters.ts';

/** `1,234.50`, `1.234,50`, `1234.5`; an exponent is not how people write amounts. */
const NUMBER =
  /(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+,\d{1,2}(?!\d)|\d{1,15}(?:\.\d{1,8})?)(?=([kKmM])?(?![\w]))/y;
/** A whole number has at most as many digits. */
const LONGEST = 15;
const COMMA = 0x2c;
const POINT = 0x2e;
const HASH = 0x23;
const HYPHEN = 0x2d;
const SLASH = 0x2f;
const COLON = 0x3a;
const UNDERSCORE = 0x5f;

/** A number of a text and where it stands. */
export interface FoundNumber {
  readonly value: number;
  readonly start: number;
  readonly end: number;
}

/** The numbers written in a text, without sign; `5k` is 5000. Digits inside identifiers (`HAT170`) are no numbers. */
export function* numbersIn(text: string): Generator<FoundNumber> {
  let after = 0;
  for (const { start, end } of digitRuns(text)) {
    if (start < after) continue;
    const found = numberAt(text, start, end);
    if (found === undefined) continue;
    after = found.end;
    yield found;
  }
}

/** The number that begins with the run of digits `[start, end)`, if one does. */
export function numberAt(text: string, start: number, end: number): FoundNumber | undefined {
  const before = codeAt(text, start - 1);
  if (before === POINT || isWordCharacter(before)) return undefined;
  const next = codeAt(text, end);
  if ((next === COMMA || next === POINT) && isDigit(codeAt(text, end + 1))) {
    return (next === POINT ? plainDecimal(text, start, end) : undefined) ?? partedNumber(text, start);
  }
  if (end - start > LONGEST) return undefined;
  const times = multiplier(next);
  if (times === 1 ? isWordCharacter(next) : isWordCharacter(codeAt(text, end + 1))) return undefined;
  return { value: wholeNumber(text, start, end) * times, start, end: times === 1 ? end : end + 1 };
}

/** `1234.50` and nothing right after it: the most common of numbers with signs in them, so read without the pattern. */
function plainDecimal(text: string, start: number, point: number): FoundNumber | undefined {
  let end = point + 1;
  while (isDigit(codeAt(text, end))) end++;
  const next = codeAt(text, end);
  const decimals = end - point - 1;
  if (decimals > 8 || end - start - 1 > LONGEST || next === COMMA || next === POINT || isWordCharacter(next)) {
    return undefined;
  }
  const scale = 10 ** decimals;
  return { value: (wholeNumber(text, start, point) * scale + wholeNumber(text, point + 1, end)) / scale, start, end };
}

function wholeNumber(text: string, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) value = value * 10 + text.charCodeAt(i) - 0x30;
  return value;
}

/** A number with thousands set apart, or one with a decimal part. */
function partedNumber(text: string, start: number): FoundNumber | undefined {
  NUMBER.lastIndex = start;
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  const [written] = match;
  const european = /\.\d{3},\d{1,2}$/.test(written);
  const plain = european ? written.replaceAll('.', '').replace(',', '.') : written.replaceAll(',', '');
  const end = start + written.length;
  const times = match[1] === undefined ? 1 : multiplier(codeAt(text, end));
  return { value: Number(plain) * times, start, end: times === 1 ? end : end + 1 };
}

/** 1000 for `k` and `K`, a million for `m` and `M`. */
function multiplier(code: number): number {
  return code === 0x6b || code === 0x4b ? 1000 : code === 0x6d || code === 0x4d ? 1_000_000 : 1;
}

/** True for a number that may be an amount: not a piece of a date, a time of day, a range or an identifier. */
export function standsAlone(text: string, { start, end }: FoundNumber): boolean {
  const before = codeAt(text, start - 1);
  if (before === UNDERSCORE || before === HASH) return false;
  if (joins(before) && isDigit(codeAt(text, start - 2))) return false;
  const after = codeAt(text, end);
  return !((joins(after) || after === UNDERSCORE) && isDigit(codeAt(text, end + 1)));
}

function joins(code: number): boolean {
  return code === HYPHEN || code === COLON || code === SLASH;
}

/** Digits without leading zeros: 3 for 105, 500, 1.05 and 0.105. */
export function significantDigits(value: number): number {
  const size = Math.abs(value);
  if (Number.isInteger(size) && size < 1e15) {
    let digits = 0;
    for (let rest = size; rest >= 1; rest = Math.floor(rest / 10)) digits++;
    return digits;
  }
  return String(size).replace(/e.*$/, '').replace('.', '').replace(/^0+/, '').length;
}

/** No amount is written in more characters; a value may be a file of many megabytes. */
const LONGEST_AMOUNT = 200;

/** A value as a number when it is one or is written as one (`"$1,234.50"`), else undefined. */
export function asAmount(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.length > LONGEST_AMOUNT) return undefined;
  const bare = value
    .trim()
    .replace(/^[-+]?\s*(?:[$€£¥₹]|usd|eur|gbp)\s*/i, '')
    .replace(/\s*(?:[$€£¥₹%]|usd|eur|gbp)$/i, '');
  const [found] = [...numbersIn(bare)];
  return found !== undefined && found.start === 0 && found.end === bare.length ? found.value : undefined;
}

export interface Combination {
  /** `sum of 2 numbers`. */
  readonly how: string;
  readonly operands: readonly number[];
}

/** Quantities (passengers, nights, items) that amounts are multiplied by. */
const QUANTITIES = [2, 3, 4, 5, 6, 7, 8, 9];

/** How many amounts, latest first, are tried in pairs and in threes. */
const PAIRED = 12;
const TRIPLED = 6;

/**
 * How a number can be made of at most three earlier ones by sums, differences and products, or by their share of a
 * hundred; undefined when it can't. The pool has the latest numbers first. Of a hundred numbers nearly every number is a
 * sum of three, so only few of the latest, and only what looks like an amount, are put together.
 */
export function combine(target: number, pool: readonly number[]): Combination | undefined {
  return ofOne(target, pool) ?? ofTwo(target, pool) ?? ofThree(target, pool);
}

function ofOne(target: number, pool: readonly number[]): Combination | undefined {
  for (const a of pool) {
    if (near(target, a * 100) || near(target, a / 100)) return { how: 'a number times or over 100', operands: [a] };
    if (!Number.isInteger(a) && near(target, Math.round(a))) return { how: 'a number, rounded', operands: [a] };
    if (!isAmount(a)) continue;
    for (const k of QUANTITIES) if (near(target, a * k)) return { how: `${k} times a number`, operands: [a] };
  }
  return undefined;
}

function ofTwo(target: number, pool: readonly number[]): Combination | undefined {
  const amounts = pool.filter(isAmount).slice(0, PAIRED);
  for (const [i, a] of amounts.entries()) {
    for (const b of amounts.slice(i)) {
      if (near(target, a + b)) return { how: 'sum of 2 numbers', operands: [a, b] };
      if (near(target, Math.abs(a - b))) return { how: 'difference of 2 numbers', operands: [a, b] };
    }
    for (const b of pool) {
      if (near(target, a * b)) return { how: 'product of 2 numbers', operands: [a, b] };
    }
  }
  return undefined;
}

function ofThree(target: number, pool: readonly number[]): Combination | undefined {
  const amounts = pool.filter(isAmount).slice(0, TRIPLED);
  const known = new Set(amounts);
  for (const [i, a] of amounts.entries()) {
    for (const b of amounts.slice(i)) {
      const rest = Number((target - a - b).toFixed(2));
      if (known.has(rest)) return { how: 'sum of 3 numbers', operands: [a, b, rest] };
      const over = known.has(-rest) ? -rest : undefined;
      if (over !== undefined && over !== a && over !== b) {
        return { how: 'sum of 2 numbers less a third', operands: [a, b, over] };
      }
      const less = Number((target + a + b).toFixed(2));
      if (known.has(less)) return { how: 'a number less 2 others', operands: [less, a, b] };
      const factor = amounts.find((c) => near(target, a * b * c));
      if (factor !== undefined) return { how: 'product of 3 numbers', operands: [a, b, factor] };
      if (a < 100 || b < 100) continue;
      for (const k of QUANTITIES) {
        if (near(target, (a + b) * k)) return { how: `${k} times the sum of 2 numbers`, operands: [a, b] };
        if (near(target, Math.abs(a - b) * k))
          return { how: `${k} times the difference of 2 numbers`, operands: [a, b] };
      }
    }
  }
  return undefined;
}

function near(target: number, value: number): boolean {
  return Math.abs(value - target) <= 0.005 + Math.abs(target) * 1e-9;
}

/** Small whole numbers are more often counts (seats, nights, lines) than amounts. */
function isAmount(value: number): boolean {
  return value >= 25 || !Number.isInteger(value);
}
