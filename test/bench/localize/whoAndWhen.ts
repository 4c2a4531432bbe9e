import { join } from 'node:path';
import { asArray, field } from '../../../src/core/util/json.ts';
import { jsonFiles, readJson, textOf } from './files.ts';
import { type LabelledRun, loadRuns } from './labelledRun.ts';
import { stepOfRecords } from './stepOfRecords.ts';

/** One part of Who&When; its labels count the entries of `history` from 0. */
export async function whoAndWhen(root: string, part: 'Algorithm-Generated' | 'Hand-Crafted'): Promise<LabelledRun[]> {
  const runs: LabelledRun[] = [];
  for (const path of jsonFiles(join(root, 'who_and_when', part))) {
    const file = readJson(path);
    const { opened, runs: loaded } = await loadRuns(path);
    const [only] = loaded;
    if (only === undefined) throw new Error(`${path} has no run.`);
    const label = Number(textOf(file, 'mistake_step'));
    runs.push({
      ...only,
      task: textOf(file, 'question_ID'),
      stepOf: await stepOfRecords(opened, only.run, asArray(field(file, 'history'))),
      label,
      labelledAgent: textOf(file, 'mistake_agent'),
      marked: new Set([label]),
    });
    await opened.close();
  }
  return runs;
}
