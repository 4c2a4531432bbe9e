import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../util/json.ts';
import { pickCells, unwrapAnyValue } from './columns.ts';
import type { Column } from './format.ts';

const KEYS = ['a', 'b', '__proto__', 'steps', 'constructor'] as const;
const { record } = fc.letrec<{ record: Json }>((tie) => ({
  record: fc.oneof(
    { maxDepth: 4, depthSize: 'medium' },
    fc.oneof(fc.string(), fc.integer(), fc.constantFrom<Json[]>(null, true, false, '12', ' ', '1e3', 'x')),
    fc.array(tie('record'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.constantFrom(...KEYS), tie('record')), { maxLength: 4 })
      .map((members): Json => Object.fromEntries(members)),
  ),
}));
const path = fc.array(fc.constantFrom<string | number>(...KEYS, '*', 0, 1), { maxLength: 4 });
const column: fc.Arbitrary<Column> = fc
  .record(
    {
      path,
      kind: fc.constantFrom('text', 'number', 'flag', 'json'),
      max: fc.integer({ min: 1, max: 8 }),
      keep: fc.constant('end' as const),
    },
    { requiredKeys: ['path', 'kind'] },
  )
  .map((made): Column => made);

/** Column by column from the documentation, on JSON text: nothing shared with the picker. */
function naive(value: Json, { path, kind, max = 512, keep }: Column): Json | undefined {
  let found: Json[] = [value];
  for (const part of path) {
    found = found.flatMap((here) => {
      if (part === '*') return Array.isArray(here) ? here : [];
      const members = Object.getOwnPropertyDescriptors(here ?? {}) as Record<
        string,
        { value: Json; enumerable: boolean }
      >;
      if (typeof part === 'number' ? !Array.isArray(here) : Array.isArray(here) || typeof here !== 'object') return [];
      const member = Object.hasOwn(members, part) ? members[part] : undefined;
      return member?.enumerable === true ? [member.value] : [];
    });
  }
  const cells = found.flatMap((cell): Json[] => {
    if (kind === 'json') return [cell];
    if (kind === 'flag') return typeof cell === 'boolean' ? [cell] : [];
    if (kind === 'number') {
      const isText = typeof cell === 'string' && cell.trim() !== '' && Number.isFinite(Number(cell));
      return typeof cell === 'number' ? [cell] : isText ? [Number(cell)] : [];
    }
    if (cell === null) return [];
    const text = typeof cell === 'string' ? cell : JSON.stringify(cell);
    return [keep === 'end' ? text.slice(-max) : text.slice(0, max)];
  });
  if (path.includes('*')) return found.length > 0 ? cells : undefined;
  return cells[0];
}

describe('pickCells', () => {
  it('picks what the columns say, whatever the record', () => {
    fc.assert(
      fc.property(record, fc.array(column, { maxLength: 4 }), (value, columns) => {
        const named = Object.fromEntries(columns.map((c, i) => [`c${i}`, c]));
        const expected = columns.flatMap((c, i): [string, Json][] => {
          const cell = naive(value, c);
          return cell === undefined ? [] : [[`c${i}`, cell]];
        });
        expect(pickCells(value, named)).toEqual(Object.fromEntries(expected));
      }),
      { numRuns: 1000 },
    );
  });

  it('never walks the prototype chain', () => {
    expect(
      pickCells({}, { a: { path: ['constructor', 'name'], kind: 'text' }, b: { path: ['__proto__'], kind: 'json' } }),
    ).toEqual({});
  });

  it('keeps columns of one list side by side when they are aligned', () => {
    const record = { blocks: [{ id: 1 }, { id: 2, failed: true }, 'bare'] };
    const path = ['blocks', '*', 'failed'];
    expect(pickCells(record, { found: { path, kind: 'flag' }, each: { path, kind: 'flag', aligned: true } })).toEqual({
      found: [true],
      each: [null, true, null],
    });
    expect(pickCells({ blocks: 'none' }, { each: { path, kind: 'flag', aligned: true } })).toEqual({});
  });
});

describe('unwrapAnyValue', () => {
  it.each([
    [{ stringValue: 'x' }, 'x'],
    [{ intValue: '42' }, 42],
    [{ doubleValue: 1.5 }, 1.5],
    [{ boolValue: false }, false],
    [{ arrayValue: { values: [{ intValue: 1 }, { stringValue: 'y' }] } }, [1, 'y']],
    [{ arrayValue: {} }, []],
  ])('unwraps %j', (wrapped, value) => {
    expect(unwrapAnyValue(wrapped)).toEqual(value);
  });

  it('takes a key `__proto__` for data', () => {
    const wrapped = { kvlistValue: { values: [{ key: '__proto__', value: { boolValue: true } }] } };
    expect(JSON.stringify(unwrapAnyValue(wrapped))).toBe('{"__proto__":true}');
  });

  it('leaves values wrapped that nest too deep to be unwrapped safely', () => {
    let value: Json = { intValue: 1 };
    for (let i = 0; i < 50_000; i++) value = { arrayValue: { values: [value] } };
    expect(Array.isArray(unwrapAnyValue(value))).toBe(true);
  });
});
