import { describe, expect, it } from 'vitest';
import { makeRun } from '../../../test/support/makeRun.ts';
import type { Verdict } from '../../core/evaluators/verdict.ts';
import { judgeRun } from './judgeRun.ts';

const { run, steps } = makeRun([
  { user: 'Cancel my order' },
  { calls: [{ tool: 'get_order', with: { id: 'A-1' }, returns: 'ok' }] },
  { final: 'It is open.' },
]);
const trace = {
  async *steps() {
    yield* steps;
  },
};

describe('judgeRun', () => {
  it('lets extras see what was judged before them, and counts their findings for the suspects', async () => {
    const seen: number[] = [];
    const extra = async (_: unknown, __: unknown, verdicts: readonly Verdict[]): Promise<Verdict[]> => {
      seen.push(verdicts.length);
      const finding = { step: 1, pointer: '', message: 'not asked for', evidence: [] };
      return [
        {
          evaluator: 'ours',
          status: 'fail',
          score: 0,
          reason: 'r',
          findings: [{ ...finding, confidence: 'certain', severity: 'error' }],
        },
      ];
    };
    const judged = await judgeRun(trace, run, { extras: [extra, extra] });
    const first: number[] = [];
    await judgeRun(trace, run, { extras: [extra], onFirst: ({ verdicts }) => first.push(verdicts.length) });
    expect(first).toEqual([seen[0]]);
    expect(seen[1]).toBe((seen[0] ?? 0) + 1);
    expect(judged.verdicts.at(-1)?.evaluator).toBe('ours');
    expect(judged.suspects).toMatchObject([{ step: 1, evaluators: ['ours'], reason: 'not asked for' }]);
  });
});
