import type { JudgementSettings } from '../../protocol/judgementSettings.ts';
import { customJudge } from './custom/customJudge.ts';
import { modelJudge } from './judge/modelJudge.ts';
import type { JudgeOptions } from './judgeRun.ts';
import { policyOf } from './policyFile.ts';

/** What `judgeRun` takes, made of settings. */
export interface PreparedJudgement {
  readonly options: Pick<JudgeOptions, 'policy' | 'extras'>;
  /** What could not be understood, in sentences that name the file and line; it has no effect. */
  readonly problems: readonly string[];
}

/** Reads what the settings name, for one trace. Never rejects: what can't be read is a problem, and the rest holds. */
export async function judgementOf(
  { policyPath, customEvaluators, judge }: JudgementSettings,
  tracePath: string,
): Promise<PreparedJudgement> {
  const { policy, problems } =
    policyPath === undefined ? { policy: undefined, problems: [] } : await policyOf(policyPath, tracePath);
  const extras = [
    ...(customEvaluators === undefined ? [] : [customJudge(customEvaluators, policy)]),
    ...(judge === undefined ? [] : [modelJudge(judge, policy)]),
  ];
  return { options: { ...(policy !== undefined && { policy }), extras }, problems };
}
