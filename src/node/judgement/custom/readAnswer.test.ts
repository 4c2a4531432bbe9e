import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../core/util/json.ts';
import { readAnswer } from './readAnswer.ts';

const STEPS = 3;

/** Answers that are nearly right, with anything in any place. */
const anything = fc.jsonValue() as fc.Arbitrary<Json>;
const or = <T extends Json>(...values: T[]) => fc.oneof(fc.constantFrom<Json>(...values), anything);
const place = fc.record(
  { step: or(0, 2, 3, -1, 1.5), pointer: or('/actions/0', 'x'), quote: or('q') },
  { requiredKeys: [] },
);
const finding = fc.record(
  {
    step: or(0, 1, 2, 3, -1),
    pointer: or('', '/actions/0', 'actions'),
    message: or('m', ''),
    evidence: fc.oneof(fc.array(place), anything),
    severity: or('error', 'grave'),
    confidence: or('likely', 'sure'),
    expected: or('e'),
  },
  { requiredKeys: [] },
);
const verdict = fc.record(
  {
    name: or('a', 'b.c', '..'),
    status: or('pass', 'fail', 'warn', 'na', 'error'),
    score: or(0, 1, 0.5, 2, null),
    reason: or('r', '', 'r'.repeat(5000)),
    findings: fc.oneof(fc.array(finding), anything),
  },
  { requiredKeys: [] },
);
const answer = fc.record(
  {
    id: or('mine', '-', 'a'.repeat(61)),
    title: or('Mine', ''),
    verdict: fc.oneof(verdict, fc.array(verdict), anything),
  },
  { requiredKeys: [] },
);

describe('an answer of a custom evaluator', () => {
  it('is a whole verdict or a sentence, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(answer, anything), (given) => {
        const read = readAnswer(given as Json, STEPS);
        if (!read.ok) {
          expect(read.refused.sentence).toMatch(/\.$/);
          expect(read.refused.sentence.length).toBeLessThan(1300);
          return;
        }
        for (const { evaluator, status, score, reason, findings } of read.value.verdicts) {
          expect(evaluator === read.value.id || evaluator.startsWith(`${read.value.id}.`)).toBe(true);
          expect(['pass', 'fail', 'warn', 'na']).toContain(status);
          expect(score === null || (score >= 0 && score <= 1)).toBe(true);
          expect(reason.length).toBeLessThanOrEqual(1000);
          for (const found of findings) {
            for (const { step } of [found, ...found.evidence]) expect([0, 1, 2]).toContain(step);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('may nest as deep as it likes', () => {
    const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as Json;
    const given = { id: 'mine', title: 'Mine', verdict: { status: deep, reason: 'r' } };
    expect(readAnswer(given, STEPS)).toMatchObject({
      refused: { sentence: expect.stringContaining('gave the status [[[') },
    });
  });

  it('keeps the beginning of a long text', () => {
    const given = { id: 'mine', title: 'Mine', verdict: { status: 'pass', reason: 'r'.repeat(5000) } };
    const read = readAnswer(given, STEPS);
    expect(read.ok && read.value.verdicts[0]?.reason).toHaveLength(1000);
  });
});
