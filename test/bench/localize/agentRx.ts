import { join } from 'node:path';
import { asArray, field, type Json } from '../../../src/core/util/json.ts';
import { readJson, textOf } from './files.ts';
import { type LabelledRun, loadRuns } from './labelledRun.ts';
import { stepOfRecords } from './stepOfRecords.ts';

/** AgentRx; its labels count the entries of the list from 1, system message included. */

export async function magenticOne(root: string): Promise<LabelledRun[]> {
  const runs: LabelledRun[] = [];
  for (const truth of asArray(readJson(join(root, 'agentrx', 'ground_truth', 'magentic_one_ground_truth.json')))) {
    const task = textOf(truth, 'trajectory_id');
    const path = join(root, 'agentrx', 'magentic_dataset', `${task}.json`);
    const { opened, runs: loaded } = await loadRuns(path);
    const [only] = loaded;
    if (only === undefined) throw new Error(`${path} has no run.`);
    runs.push({
      ...only,
      task,
      stepOf: await stepOfRecords(opened, only.run, asArray(readJson(path))),
      ...labelsOf(truth),
    });
    await opened.close();
  }
  return runs;
}

export async function tauRetail(root: string): Promise<LabelledRun[]> {
  const path = join(root, 'agentrx', 'tau_retail', 'tau_dataset_failed.json');
  const items = asArray(readJson(path));
  const truths = asArray(readJson(join(root, 'agentrx', 'ground_truth', 'tau_ground_truth.json')));
  const { opened, runs: loaded } = await loadRuns(path);
  if (loaded.length !== items.length) throw new Error(`${path} has ${items.length} items, but ${loaded.length} runs.`);
  const runs: LabelledRun[] = [];
  for (const [i, item] of items.entries()) {
    const task = textOf(item, 'task_id');
    const truth = truths.find((one) => textOf(one, 'trajectory_id') === task);
    const run = loaded[i];
    if (truth === undefined || run === undefined) continue;
    const stepOf = await stepOfRecords(opened, run.run, asArray(field(item, 'traj')));
    runs.push({ ...run, task, stepOf, ...labelsOf(truth) });
  }
  await opened.close();
  return runs;
}

function labelsOf(truth: Json): Pick<LabelledRun, 'label' | 'labelledAgent' | 'marked'> {
  const failures = asArray(field(truth, 'failures'));
  const critical = textOf(field(truth, 'root_cause'), 'failure_id');
  const root = failures.find((failure) => textOf(failure, 'failure_id') === critical) ?? failures[0];
  const recordOf = (failure: Json | undefined) => Number(textOf(failure, 'step_number')) - 1;
  return {
    label: recordOf(root),
    labelledAgent: textOf(root, 'failed_agent'),
    marked: new Set(failures.map(recordOf)),
  };
}
