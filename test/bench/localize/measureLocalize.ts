import { existsSync } from 'node:fs';
import { magenticOne, tauRetail } from './agentRx.ts';
import type { LabelledRun } from './labelledRun.ts';
import { type Judged, judged, perEvaluator, type Row, score, type Told, topSuspect } from './locating.ts';
import { measureProcess } from './processBench.ts';
import { ALGORITHM_GENERATED, HAND_CRAFTED, MAGENTIC, type Published, TAU_RETAIL } from './published.ts';
import { measureRelations } from './relations.ts';
import { RETAIL_POLICY } from './retailPolicy.ts';
import { causeOfFirstError, commonest, constant, firstError, firstWrite, thirdToolStep } from './simpleRules.ts';
import { measureOutcomes } from './tauOutcomes.ts';
import { whoAndWhen } from './whoAndWhen.ts';

// Measures the finding of failing steps against people's labels: `measureLocalize FOLDER [--set NAME] [--json]`.

type Tables = Readonly<Record<string, readonly object[]>>;

const SETS: Readonly<Record<string, (root: string) => Promise<Tables>>> = {
  'algorithm-generated': async (root) => {
    const runs = await whoAndWhen(root, 'Algorithm-Generated');
    return locating(runs, ALGORITHM_GENERATED, undefined);
  },
  'hand-crafted': async (root) => {
    const runs = await whoAndWhen(root, 'Hand-Crafted');
    return locating(runs, HAND_CRAFTED, labelsByTask(await magenticOne(root)), ['third tool step', thirdToolStep]);
  },
  magentic: async (root) => {
    const runs = await magenticOne(root);
    return locating(runs, MAGENTIC, labelsByTask(await whoAndWhen(root, 'Hand-Crafted')), [
      'first step with an error',
      firstError,
    ]);
  },
  'tau-retail': async (root) => {
    const runs = await tauRetail(root);
    const told = { outcome: 'failed' } as const;
    const tables = await locating(runs, TAU_RETAIL, undefined, ['first write call, else last agent step', firstWrite]);
    const ways: readonly (readonly [string, Told])[] = [
      ['Hindstep with a policy file', { ...told, policy: RETAIL_POLICY }],
      ['Hindstep with the calls that were expected', { ...told, reference: true }],
      ['Hindstep with both', { ...told, policy: RETAIL_POLICY, reference: true }],
    ];
    const rows: Row[] = [];
    for (const [what, how] of ways) rows.push(score(what, runs, topSuspect(await judgedAll(runs, how))));
    return { ...tables, 'with what a team can add; told that the run failed': rows };
  },
  'process-bench': async (root) => {
    const { rows, suspectsHarmful } = await measureProcess(root);
    const published = {
      what: 'published: best of 20 models; local models of 3-8B',
      'first-error accuracy': '73.2 %; 53.6–60.4 %',
    };
    return {
      'first error': [...rows, published],
      suspects: [{ 'suspects at steps that people call harmful': suspectsHarmful }],
    };
  },
  relations: async (root) => {
    const { runs, transitions, rows } = measureRelations(root);
    return { [`repetition, ${transitions} transitions of ${runs} runs`]: rows };
  },
  outcomes: async (root) => {
    const { runs, base, rows, flagged, evaluators } = await measureOutcomes(root);
    const published = [
      { what: 'published: best model as judge', 'AUROC overall': '.65' },
      { what: 'published: TF-IDF', 'AUROC within one file': '.68–.70', 'AUROC overall': '.83' },
    ];
    return {
      [`silent failure, ${runs} runs, failed: ${base}`]: [...rows, ...published],
      'runs flagged as an error': flagged,
      evaluators,
    };
  },
};

async function locating(
  runs: readonly LabelledRun[],
  published: readonly Published[],
  other: ReadonlyMap<string, number> | undefined,
  ...rules: readonly (readonly [string, Parameters<typeof score>[2]])[]
): Promise<Tables> {
  const told = await judgedAll(runs, { outcome: 'failed' });
  const untold = await judgedAll(runs, { outcome: 'unknown' });
  const index = commonest(runs);
  const row = (what: string, guess: Parameters<typeof score>[2]): Row => score(what, runs, guess, other);
  return {
    [`failing step, ${runs.length} runs`]: [
      row('Hindstep, told that the run failed', topSuspect(told)),
      row('Hindstep, told nothing', topSuspect(untold)),
      row(`always record ${index}, the commonest label here`, constant(index)),
      row('cause of the first error, else that constant', causeOfFirstError(index)),
      ...rules.map(([what, guess]) => row(what, guess)),
      ...published.map((one) => ({ ...one, what: `published: ${one.what}` })),
    ],
    'evaluators against the marked steps': perEvaluator(runs, told),
  };
}

async function judgedAll(runs: readonly LabelledRun[], told: Told): Promise<Map<LabelledRun, Judged>> {
  const all = new Map<LabelledRun, Judged>();
  for (const run of runs) all.set(run, await judged(run, told));
  return all;
}

function labelsByTask(runs: readonly LabelledRun[]): ReadonlyMap<string, number> {
  return new Map(runs.map(({ task, label }) => [task, label]));
}

const [root = '', ...options] = process.argv.slice(2);
const only = options.includes('--set') ? options[options.indexOf('--set') + 1] : undefined;
if (!existsSync(root)) {
  console.log('There is no folder of labelled runs here, so nothing is measured.');
} else if (only !== undefined && !Object.hasOwn(SETS, only)) {
  console.error(`There is no set "${only}"; there are ${Object.keys(SETS).join(', ')}.`);
  process.exitCode = 2;
} else {
  const results: Record<string, Tables> = {};
  for (const [name, measure] of Object.entries(SETS)) {
    if (only !== undefined && name !== only) continue;
    const tables = await measure(root);
    results[name] = tables;
    if (options.includes('--json')) continue;
    for (const [title, rows] of Object.entries(tables)) {
      console.log(`\n${name}: ${title}`);
      for (const line of tableText(rows)) console.log(line);
    }
  }
  if (options.includes('--json')) console.log(JSON.stringify(results, undefined, 1));
}

/** Rows as lines of aligned columns. */
function tableText(rows: readonly object[]): string[] {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [
    columns,
    ...rows.map((row) =>
      columns.map((column) => String(Object.entries(row).find(([key]) => key === column)?.[1] ?? '')),
    ),
  ];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]?.length ?? 0)));
  return cells.map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
