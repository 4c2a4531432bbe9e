import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leavesOf, resolvePointer } from '../util/pointer.ts';
import { JsonPlaces } from './jsonPlace.ts';

describe('JsonPlaces', () => {
  it.each<[string, string, string | undefined]>([
    ['{"a":[{"id":"x"},{"id":"W1"}],"b":2}', 'W1', '/a/1/id'],
    ['{"a":[{"id":"x"},{"id":"W1"}],"b":2}', '2}', '/b'],
    [' [1, [22], 3]', '22', '/1/0'],
    ['{"a/b":{"~":7}}', '7', '/a~1b/~0'],
    ['{"name": "x"}', 'name', '/name'],
    ['{"a":1} and W1', 'W1', undefined],
    ['see W1', 'W1', undefined],
    ['{"__proto__":{"a":"W1"}}', 'W1', '/__proto__/a'],
    ['{"a":"W1', 'W1', '/a'],
    ['', '', undefined],
  ])('%s: %s is at %s', (text, words, pointer) => {
    expect(new JsonPlaces(text).at(text.indexOf(words))).toBe(pointer);
  });

  it('answers with pointers that resolve, for any JSON', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())),
        fc.boolean(),
        (value, isWide) => {
          const text = JSON.stringify(value, null, isWide ? 2 : 0);
          const parsed = JSON.parse(text);
          const places = new JsonPlaces(text);
          const leaves = new Set([...leavesOf(parsed)].map(({ pointer }) => pointer));
          for (const { index, 0: token } of text.matchAll(/"(?:[^"\\]|\\.)*"|[\w.+-]+/g)) {
            const pointer = places.at(index) ?? '';
            // A name may belong to a member that holds others.
            expect(leaves.has(pointer) || resolvePointer(parsed, pointer) !== undefined, `${token} in ${text}`).toBe(
              true,
            );
          }
        },
      ),
    );
  });
});
