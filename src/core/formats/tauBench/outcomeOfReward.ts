import type { Outcome } from '../../trace/model.ts';

/** 1 is solved, 0 is not (both benchmarks count `reward >= 1 - 1e-6` as a success); no reward leaves it open. */
export function outcomeOfReward(reward: number | undefined, reason?: string): Outcome {
  const because = reason === undefined ? {} : { reason };
  if (reward === undefined) return { status: 'unknown', ...because };
  return { status: reward >= 1 - 1e-6 ? 'passed' : 'failed', reward, ...because };
}
