import type { PreparedJudgement } from '../../../src/node/judgement/judgementOf.ts';

/** In a page there are no files, programs or models to judge by: only the evaluators that are built in. */
export async function judgementOf(): Promise<PreparedJudgement> {
  return { options: { extras: [] }, problems: [] };
}
