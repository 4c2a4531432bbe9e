import { readFile } from 'node:fs/promises';
import { parsePolicy } from '../../core/evaluators/policy.ts';
import { messageOf } from '../../core/util/result.ts';
import type { JudgementSettings } from '../../protocol/judgementSettings.ts';
import type { JudgeOptions } from './judgeRun.ts';

/** What `judgeRun` takes, made of settings. */
export interface PreparedJudgement {
  readonly options: Pick<JudgeOptions, 'policy' | 'extras'>;
  /** What could not be understood, in sentences that name the file and line; it has no effect. */
  readonly problems: readonly string[];
}

/** Reads what the settings name. Never rejects: what can't be read is a problem, and the rest holds. */
export async function judgementOf({ policyPath }: JudgementSettings): Promise<PreparedJudgement> {
  if (policyPath === undefined) return { options: {}, problems: [] };
  try {
    const { policy, problems } = parsePolicy(await readFile(policyPath, 'utf8'));
    return {
      options: { policy },
      problems: problems.map(({ line, message }) => `${policyPath}:${line}: ${message}`),
    };
  } catch (thrown) {
    return { options: {}, problems: [`${policyPath}: the policy can't be read: ${messageOf(thrown)}`] };
  }
}
