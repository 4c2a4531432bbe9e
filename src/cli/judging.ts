import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { POLICY_FILE } from '../core/evaluators/policy/readPolicy.ts';
import { judgementOf } from '../node/judgement/judgementOf.ts';
import type { JudgeOptions } from '../node/judgement/judgeRun.ts';
import { findPolicy, repositoryOf } from '../node/judgement/policyFile.ts';
import type { Arguments, Option, Output } from './command.ts';
import { JUDGE_OPTIONS, modelJudgeOf } from './judgeOptions.ts';

/** A team's own rules. */
export const POLICY_OPTION: Option = {
  name: 'policy',
  value: 'FILE',
  words: `judge by this policy (default: the nearest ${POLICY_FILE} from the trace's folder up to its repository)`,
};

/** What every command that judges runs can be told about how. */
export const JUDGING_OPTIONS: readonly Option[] = [
  {
    name: 'evaluators',
    value: 'FOLDER',
    words: 'also run the custom evaluators in FOLDER (*.evaluator.mjs, .js, .ts, .py): they are programs',
  },
  POLICY_OPTION,
  ...JUDGE_OPTIONS,
];

/**
 * How the runs of a trace file are judged, by the options that were given. What can't be understood of a file that they
 * name is said on standard error; a folder that is not there rejects.
 */
export async function judging(args: Arguments, output: Output, tracePath: string): Promise<JudgeOptions> {
  const evaluators = args.text('evaluators');
  if (evaluators !== undefined && !(await isFolder(evaluators))) {
    throw new Error(`There is no folder ${evaluators}; --evaluators names one with custom evaluators.`);
  }
  const judge = modelJudgeOf(args);
  const policy = args.text('policy');
  if (policy !== undefined && !existsSync(policy))
    throw new Error(`There is no file ${policy}; --policy names a policy.`);
  const within = [repositoryOf(tracePath) ?? process.cwd()];
  const policyPath = policy ?? findPolicy(tracePath, within);
  const settings = {
    ...(policyPath !== undefined && { policyPath: shortest(policyPath) }),
    ...(evaluators !== undefined && { customEvaluators: { folder: resolve(evaluators) } }),
    ...(judge !== undefined && { judge }),
  };
  const { options, problems } = await judgementOf(settings, resolve(tracePath));
  for (const problem of problems) if (isNew(output, problem)) output.error(problem);
  return { ...options, signal: output.signal };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** The path as a person would write it here. */
function shortest(path: string): string {
  const here = relative(process.cwd(), resolve(path));
  return here.startsWith('..') ? path : here;
}

/** What was said of each output: many traces have one policy, whose faults are told once. */
const told = new WeakMap<Output, Set<string>>();

function isNew(output: Output, sentence: string): boolean {
  const before = told.get(output) ?? new Set();
  told.set(output, before);
  const { size } = before;
  return before.add(sentence).size > size;
}
