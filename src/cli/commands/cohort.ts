import { open, writeFile } from 'node:fs/promises';
import type { Cohort } from '../../core/cohort/cohort.ts';
import { CohortBuilder } from '../../core/cohort/cohortBuilder.ts';
import { GROUP_KEYS } from '../../core/cohort/groupKeys.ts';
import { readCohort } from '../../core/cohort/readCohort.ts';
import { judgeCohort } from '../../core/cohort/registry.ts';
import { MetricsObserver } from '../../core/cohort/runMetrics.ts';
import type { Policy } from '../../core/evaluators/policy/policy.ts';
import { tryParse } from '../../core/util/json.ts';
import { messageOf } from '../../core/util/result.ts';
import { judgeRun } from '../../node/judgement/judgeRun.ts';
import { cohortLines } from '../cohortText.ts';
import type { Arguments, Command, ExitCode, Output } from '../command.ts';
import { JUDGING_OPTIONS, judging } from '../judging.ts';
import { eachFile } from '../openFiles.ts';

export const cohort: Command = {
  name: 'cohort',
  summary: 'Rates over many runs: which evaluators fail how often, by model or agent, and against a baseline.',
  options: [
    {
      name: 'by',
      value: 'KEYS',
      words: `groups, with commas: ${GROUP_KEYS.join(', ')}, or what the traces record (task, route)`,
    },
    {
      name: 'baseline',
      value: 'FILES',
      words: 'compare with an earlier cohort: what --save wrote, or trace files, with commas',
    },
    { name: 'save', value: 'FILE', words: 'keep this cohort as a baseline' },
    ...JUDGING_OPTIONS,
  ],
  teaches: [
    'hindstep cohort traces/*.json --by model',
    'hindstep cohort traces/*.json --save baseline.json',
    'hindstep cohort new/*.json --baseline baseline.json',
    '',
    'Each file is read once and let go; only counts are kept. pass^k needs runs with an outcome, and more than one of a task.',
    'JSON: one line: {version, by, files, total, groups: [{label, keys, runs, metrics, evaluators}], verdicts: […]};',
    'a rate is {count, of}, a latency is in ms, a cost in USD; what is not recorded is absent.',
    'Exit code: 0 no alert, 1 an alert (a rate over its limit, or a drift), 2 could not judge.',
  ],
  run: async (args, output) => {
    const by = (args.text('by') ?? '')
      .split(',')
      .map((key) => key.trim())
      .filter((key) => key !== '');
    const baseline = await baselineOf(args, by, output);
    const { cohort: now, policy, code } = await gather(args.files, by, args, output);
    if (now.total.runs === 0) {
      if (code === 0) output.error('There is no run in these files.');
      return 2;
    }
    const verdicts = judgeCohort(now, {
      ...(baseline !== undefined && { baseline }),
      ...(policy !== undefined && { policy }),
    });
    const saved = args.text('save');
    if (saved !== undefined) await writeFile(saved, `${JSON.stringify(now, undefined, 2)}\n`);
    if (args.json) output.out(JSON.stringify({ ...now, verdicts }));
    else for (const line of cohortLines(now, verdicts)) output.out(line);
    if (code === 2) return 2;
    return verdicts.some(({ status }) => status === 'warn' || status === 'fail') ? 1 : 0;
  },
};

/** Judges every run of the files, one after the other. */
async function gather(
  files: readonly string[],
  by: readonly string[],
  args: Arguments,
  output: Output,
): Promise<{ cohort: Cohort; policy: Policy | undefined; code: ExitCode }> {
  const builder = new CohortBuilder(by);
  let policy: Policy | undefined;
  const code = await eachFile(files, output, async ({ path, trace }) => {
    const how = await judging(args, output, path);
    policy = how.policy;
    for (const run of trace.trace.runs) {
      const observer = new MetricsObserver(run, how.policy);
      const { verdicts, rollUps } = await judgeRun(trace, run, { ...how, watch: (step) => observer.step(step) });
      builder.add({
        run,
        source: { file: path, format: trace.trace.format },
        metrics: observer.finish(),
        verdicts: [...rollUps, ...verdicts],
      });
    }
    return 0;
  });
  return { cohort: builder.finish(), policy, code };
}

/** What `--baseline` names: a kept cohort, or traces that are judged now. Throws a sentence when it is neither. */
async function baselineOf(args: Arguments, by: readonly string[], output: Output): Promise<Cohort | undefined> {
  const text = args.text('baseline');
  if (text === undefined) return undefined;
  const files = text
    .split(',')
    .map((path) => path.trim())
    .filter((path) => path !== '');
  const [only, ...others] = files;
  const kept = only === undefined || others.length > 0 ? undefined : await keptCohort(only);
  if (kept !== undefined) return kept;
  const { cohort: before, code } = await gather(files, by, args, output);
  if (code === 2 || before.total.runs === 0) throw new Error('The baseline could not be judged.');
  return before;
}

/** How a kept cohort begins; a trace may be too large to be read for this. */
const BEGINNING = /^\s*\{\s*"version"/;

async function keptCohort(path: string): Promise<Cohort | undefined> {
  const file = await open(path).catch((thrown) => {
    throw new Error(`${path}: ${messageOf(thrown)}`);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(100), 0, 100, 0);
    if (!BEGINNING.test(buffer.toString('utf8', 0, bytesRead))) return undefined;
    const value = tryParse(await file.readFile('utf8'));
    return value === undefined ? undefined : readCohort(value);
  } finally {
    await file.close();
  }
}
