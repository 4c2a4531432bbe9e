import { describe, expect, it } from 'vitest';
import type { RunEvaluation } from '../protocol/traceService.ts';
import { RunEvaluations } from './runEvaluations.ts';

const evaluation = (reason: string): RunEvaluation => ({
  run: 'r',
  verdicts: [{ evaluator: 'e', status: 'fail', score: 0, reason, findings: [] }],
  rollUps: [],
  suspects: [],
  writing: [],
  irreversible: [],
});
const reasonOf = async (made: Promise<RunEvaluation>) => (await made).verdicts[0]?.reason;

describe('RunEvaluations', () => {
  it('answers what is known first, tells when there is more, and answers that from then on', async () => {
    const more: string[] = [];
    const evaluations = new RunEvaluations((run) => more.push(run));
    let finish: (made: RunEvaluation) => void = () => undefined;
    const slow = new Promise<RunEvaluation>((resolve) => {
      finish = resolve;
    });
    const begin = (_signal: unknown, onFirst: (made: RunEvaluation) => void) => {
      onFirst(evaluation('first'));
      return slow;
    };
    expect(await reasonOf(evaluations.of('r', undefined, begin))).toBe('first');
    expect(await reasonOf(evaluations.of('r', undefined, begin))).toBe('first');
    const whole = reasonOf(evaluations.of('r', undefined, begin, true));
    expect(more).toEqual([]);
    finish(evaluation('whole'));
    expect(await whole).toBe('whole');
    await slow;
    await Promise.resolve();
    expect(more).toEqual(['r']);
    expect(await reasonOf(evaluations.of('r', undefined, begin))).toBe('whole');
  });

  it('tells of nothing more where all was known at once, or what was known is void', async () => {
    const more: string[] = [];
    const evaluations = new RunEvaluations((run) => more.push(run));
    await evaluations.of('r', undefined, async () => evaluation('whole'));
    let finish: (made: RunEvaluation) => void = () => undefined;
    const slow = new Promise<RunEvaluation>((resolve) => {
      finish = resolve;
    });
    await evaluations.of('other', undefined, (_signal, onFirst) => {
      onFirst(evaluation('first'));
      return slow;
    });
    evaluations.clear();
    finish(evaluation('late'));
    await slow;
    await Promise.resolve();
    expect(more).toEqual([]);
  });

  it('may be asked again for what failed', async () => {
    const evaluations = new RunEvaluations(() => undefined);
    const fails = () => Promise.reject(new Error('cancelled'));
    await expect(evaluations.of('r', undefined, fails)).rejects.toThrow('cancelled');
    expect(await reasonOf(evaluations.of('r', undefined, async () => evaluation('again')))).toBe('again');
  });
});
