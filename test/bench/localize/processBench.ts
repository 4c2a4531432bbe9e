import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { partsText } from '../../../src/core/trace/stepText.ts';
import { asArray, field, isObject, tryParse } from '../../../src/core/util/json.ts';
import { textOf } from './files.ts';
import { type LoadedRun, loadRuns, recordOf } from './labelledRun.ts';
import { judged } from './locating.ts';
import { shareText } from './shares.ts';
import { stepOfRecords } from './stepOfRecords.ts';

interface ProcessRun extends LoadedRun {
  readonly task: string;
  readonly stepOf: readonly number[];
  /** Label of each record that has one: 1 helps, 0 neutral, -1 harmful. */
  readonly labels: ReadonlyMap<number, number>;
  /** The first harmful record; undefined when there is none. */
  readonly firstError: number | undefined;
}

/** AgentProcessBench; its labels count the entries of `messages` from 0. A line of the file is a run. */
export async function processRuns(root: string): Promise<ProcessRun[]> {
  const path = join(root, 'agentprocessbench', 'hotpotqa.jsonl');
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const { opened, runs } = await loadRuns(path);
  if (runs.length !== lines.length) throw new Error(`${path} has ${lines.length} lines, but ${runs.length} runs.`);
  const made: ProcessRun[] = [];
  for (const [i, line] of lines.entries()) {
    const run = runs[i];
    const value = tryParse(line);
    const given = field(value, 'step_labels');
    if (run === undefined || !isObject(given)) continue;
    const labels = new Map(Object.entries(given).map(([record, label]) => [Number(record), Number(label)]));
    const errors = [...labels].filter(([, label]) => label < 0).map(([record]) => record);
    made.push({
      ...run,
      task: textOf(value, 'query_index'),
      stepOf: await stepOfRecords(opened, run.run, asArray(field(value, 'messages'))),
      labels,
      firstError: errors.length === 0 ? undefined : Math.min(...errors),
    });
  }
  await opened.close();
  return made;
}

const UNSURE =
  /\b(?:likely|probably|assum\w+|not (?:explicitly|directly)|unclear|unable to|could not find|cannot (?:determine|find)|based on (?:my|general) knowledge)\b/i;

/** First-error accuracy: the share of runs whose first harmful record, or that there is none, is told exactly. */
export async function measureProcess(root: string) {
  const runs = await processRuns(root);
  const found = new Map<ProcessRun, number | undefined>();
  let steps = 0;
  let harmful = 0;
  for (const run of runs) {
    const { suspects } = await judged(run, { outcome: 'unknown' });
    const [top] = suspects;
    found.set(run, top === undefined ? undefined : recordOf(run.stepOf, top.step));
    for (const { step } of suspects) {
      const labels = [...run.labels].filter(([record]) => run.stepOf[record] === step);
      if (labels.length === 0) continue;
      steps++;
      if (labels.some(([, label]) => label < 0)) harmful++;
    }
  }
  const row = (what: string, guess: (run: ProcessRun) => number | undefined) => ({
    what,
    'first-error accuracy': shareText(runs.filter((run) => guess(run) === run.firstError).length, runs.length),
    'says none': shareText(runs.filter((run) => guess(run) === undefined).length, runs.length),
  });
  const lastUnsure = (run: ProcessRun) => {
    const last = run.steps.at(-1);
    if (last === undefined || !UNSURE.test(partsText(last.message ?? []))) return undefined;
    return recordOf(run.stepOf, last.index);
  };
  return {
    rows: [
      row('Hindstep', (run) => found.get(run)),
      row('never an error', () => undefined),
      row('last step has unsure wording', lastUnsure),
    ],
    suspectsHarmful: shareText(harmful, steps),
  };
}
