import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { judgementOf } from '../node/judgement/judgementOf.ts';
import type { JudgeOptions } from '../node/judgement/judgeRun.ts';
import type { Arguments, Option, Output } from './command.ts';
import { JUDGE_OPTIONS, modelJudgeOf } from './judgeOptions.ts';

/** What every command that judges runs can be told about how. */
export const JUDGING_OPTIONS: readonly Option[] = [
  {
    name: 'evaluators',
    value: 'FOLDER',
    words: 'also run the custom evaluators in FOLDER (*.evaluator.mjs, .js, .ts, .py): they are programs',
  },
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
  const settings = {
    ...(evaluators !== undefined && { customEvaluators: { folder: resolve(evaluators) } }),
    ...(judge !== undefined && { judge }),
  };
  const { options, problems } = await judgementOf(settings, resolve(tracePath));
  for (const problem of problems) output.error(problem);
  return { ...options, signal: output.signal };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
