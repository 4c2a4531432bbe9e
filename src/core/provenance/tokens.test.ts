import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOfToken, scanTokens } from './tokens.ts';
import { TokenTable } from './tokenTable.ts';

function scanned(text: string) {
  const atoms: string[] = [];
  const chunks: string[] = [];
  const hashes = new Set<number>();
  scanTokens(text, {
    atom: (hash, start, end) => {
      atoms.push(text.slice(start, end));
      hashes.add(hash);
    },
    chunk: (hash, start, end) => {
      chunks.push(text.slice(start, end));
      hashes.add(hash);
    },
  });
  return { atoms, chunks, hashes };
}

describe('scanTokens', () => {
  it('splits into atoms and chunks', () => {
    expect(scanned('Order #W-23, "a_b" (x:1)')).toMatchObject({
      atoms: ['Order', 'W', '23', 'a', 'b', 'x', '1'],
      chunks: ['Order', 'W-23', 'a_b', 'x', '1'],
    });
  });

  it('separates at the escapes of JSON text and at typographic quotes', () => {
    expect(scanned('one\\ntwo “three”').atoms).toEqual(['one', 'two', 'three']);
  });

  it('gives the runs of digits, also right after a backslash', () => {
    const text = 'a12b3 45 \\67 \\8 x';
    const runs: string[] = [];
    scanTokens(text, { atom: () => undefined, chunk: () => undefined, digits: (a, b) => runs.push(text.slice(a, b)) });
    expect(runs).toEqual(['12', '3', '45', '67', '8']);
  });

  it.each(['#W2378156', 'w2378156', '"W-2378156"', ' W2378156.'])('finds %s as one token', (text) => {
    expect(scanned(text).hashes).toContain(hashOfToken('W2378156'));
  });

  it('gives the place of every atom, in order, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        let last = 0;
        scanTokens(text, {
          atom: (_hash, start, end) => {
            expect(start).toBeGreaterThanOrEqual(last);
            expect(end).toBeGreaterThan(start);
            last = end;
          },
          chunk: () => undefined,
        });
      }),
    );
  });
});

describe('TokenTable', () => {
  it('keeps the first place of each token, apart for what the agent said', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5000), fc.boolean()), { maxLength: 3000 }), (entries) => {
        const table = new TokenTable();
        const model = new Map<string, number>();
        entries.forEach(([hash, byAgent], text) => {
          // 0 stands for "none" in the table and shares a place with 1.
          const key = `${Math.max(1, hash)} ${byAgent}`;
          if (!model.has(key)) model.set(key, text);
          table.add(hash, text, byAgent);
        });
        for (const [hash] of entries) {
          for (const byAgent of [true, false]) {
            expect(table.first(hash, byAgent)).toBe(model.get(`${Math.max(1, hash)} ${byAgent}`));
          }
        }
        expect(table.first(99_999, false)).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  });
});
