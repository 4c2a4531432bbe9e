import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openTrace } from '../../src/core/formats/openTrace.ts';
import { memorySource } from '../../src/core/source/byteSource.ts';
import { messageOf } from '../../src/core/util/result.ts';

/** Every sample of every format, damaged at random: it opens and adds up, or is declined in a sentence; never more. */

/** The same damage every time, so that a red run is a change of ours. */
const DAMAGE = { seed: 1, numRuns: 60 };

const corpus = join(import.meta.dirname, '../corpus');
const samples = readdirSync(corpus, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.name.endsWith('.golden.txt'))
  .map((entry) => join(entry.parentPath, entry.name));

/** Values that a writer, a bug or an attacker may put where another kind is expected. */
const VALUES = [
  'null',
  '1',
  '-1e999',
  '"x"',
  '""',
  '[]',
  '{}',
  '[[]]',
  '{"a":{}}',
  '[null]',
  'true',
  '"\\ud800"',
  '{"__proto__":1}',
];
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('value' as const), place, value: fc.constantFrom(...VALUES) }),
  fc.record({ kind: fc.constant('cut' as const), place, length: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ kind: fc.constant('twice' as const), place, length: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ kind: fc.constant('byte' as const), place, byte: fc.integer({ min: 0, max: 255 }) }),
);
type Mutation = typeof mutation extends fc.Arbitrary<infer M> ? M : never;

function mutate(bytes: Uint8Array, change: Mutation): Uint8Array {
  const at = Math.floor(change.place * bytes.length);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (change.kind) {
    case 'value':
      return replaceValue(bytes, at, change.value);
    case 'cut':
      return Buffer.concat([before, after.subarray(change.length)]);
    case 'twice':
      return Buffer.concat([before, after.subarray(0, change.length), after]);
    case 'byte':
      return Buffer.concat([before, new Uint8Array([change.byte]), after.subarray(1)]);
  }
}

/** Another value in place of the next member's scalar, or of a whole object or list that stands in one line. */
function replaceValue(bytes: Uint8Array, at: number, value: string): Uint8Array {
  const text = new TextDecoder().decode(bytes);
  const rest = text.slice(at);
  const changed = rest.replace(
    /(": ?)("(?:[^"\\]|\\.)*"|[\w.+-]+|\{[^{}]*\}|\[[^[\]]*\])/,
    (_, colon: string) => colon + value,
  );
  return new TextEncoder().encode(text.slice(0, at) + changed);
}

async function survives(bytes: Uint8Array): Promise<void> {
  const opened = await openTrace(memorySource('trace', bytes));
  if (!opened.ok) {
    expect(opened.decline.sentence).toMatch(/^trace .+[.]/);
    return;
  }
  const { trace } = opened.value;
  const { records, mapped, metadata, unmapped } = trace.accounting;
  expect([records, mapped, metadata, unmapped]).toEqual([mapped + metadata + unmapped, mapped, metadata, unmapped]);
  expect(new Set(trace.runs.map((run) => run.id)).size).toBe(trace.runs.length);
  for (const run of trace.runs) {
    for await (const step of opened.value.steps(run)) {
      expect([step.index, step.actions.map((action) => action.tool)]).toEqual([step.index, step.tools]);
    }
  }
}

describe('samples damaged at random', () => {
  for (const path of samples) {
    it(relative(corpus, path), async () => {
      const bytes = new Uint8Array(readFileSync(path));
      await fc.assert(
        fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async (changes) => {
          const damaged = changes.reduce(mutate, bytes);
          await survives(damaged).catch((thrown: unknown) => {
            throw new Error(`${messageOf(thrown)}\n${new TextDecoder().decode(damaged).slice(0, 4000)}`);
          });
        }),
        DAMAGE,
      );
    });
  }
});
