import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeRun } from '../../../../test/support/makeRun.ts';
import { lookUp } from '../lookUp.ts';
import { ValueIndex } from '../valueIndex.ts';
import { DERIVATIONS } from './derivations.ts';

it('have ids of their own, and each finds grounds or names a spelling', () => {
  expect(new Set(DERIVATIONS.map(({ id }) => id)).size).toBe(DERIVATIONS.length);
  for (const { grounds, spelling } of DERIVATIONS) expect(grounds ?? spelling).toBeDefined();
});

/** What tools answer, of many kinds: records with identifiers and amounts, listings, logs, code. */
function texts(): string[] {
  const random = mulberry(7);
  const pick = (from: string, length: number) =>
    Array.from({ length }, () => from[Math.floor(random() * from.length)]).join('');
  return Array.from({ length: 300 }, (_, i) => {
    const rows = Array.from({ length: 30 }, () => ({
      id: `#W${pick('0123456789', 7)}`,
      sku: pick('ABCDEFGHJKLMNPQRSTUVWXYZ0123456789', 6),
      commit: pick('0123456789abcdef', 40),
      total: Math.round(random() * 100_000) / 100,
      at: new Date(1.7e12 + i * 1e8 + random() * 1e8).toISOString(),
      file: `src/${pick('abcdefgh', 5)}/${pick('mnopqrst', 6)}.ts:${Math.floor(random() * 900)}`,
    }));
    return JSON.stringify(rows);
  });
}

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

it('ground at most one in a hundred identifiers that nobody gave', () => {
  const made = makeRun([{ user: 'Go' }, ...texts().map((returns) => ({ calls: [{ tool: 'look', returns }] }))]);
  const index = new ValueIndex(made.run);
  for (const step of made.steps) index.add(step);
  const shapes = fc.constantFrom(
    /^[A-Z]{2}\d{5}$/,
    /^[a-z\d]{6}\d$/,
    /^#W\d{7}$/,
    /^[A-Z\d]{5}\d$/,
    /^[a-z]{4}_\d{4}$/,
    /^[\da-f]{7}[a-f]\d$/,
  );
  const values = fc.sample(
    shapes.chain((shape) => fc.stringMatching(shape)),
    { numRuns: 1000, seed: 11 },
  );
  const grounded = values.filter((value) => lookUp(index, { key: 'id', value }, made.steps.length).kind !== 'nowhere');
  expect(grounded.length / values.length).toBeLessThanOrEqual(0.01);
});
