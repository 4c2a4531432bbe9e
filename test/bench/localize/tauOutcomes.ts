import { basename, join } from 'node:path';
import { jsonFiles } from './files.ts';
import { halfOf } from './halves.ts';
import { type LoadedRun, loadRuns } from './labelledRun.ts';
import { type Judged, judged } from './locating.ts';
import { areaUnderCurve, shareText } from './shares.ts';

interface OutcomeRun extends LoadedRun, Judged {
  readonly file: string;
  readonly failed: boolean;
}

/** Runs whose reward is known; Hindstep is told neither the reward nor the calls that were expected. */
export async function outcomeRuns(root: string): Promise<OutcomeRun[]> {
  const made: OutcomeRun[] = [];
  for (const path of jsonFiles(join(root, 'tau_outcomes'))) {
    const { opened, runs } = await loadRuns(path);
    for (const run of runs) {
      const status = run.run.outcome?.status ?? 'unknown';
      if (status === 'unknown') continue;
      made.push({
        ...run,
        ...(await judged(run, { outcome: 'unknown' })),
        file: basename(path),
        failed: status === 'failed',
      });
    }
    await opened.close();
  }
  return made;
}

/** How strongly the suspects of a run speak for a failure. */
function suspicion({ suspects }: OutcomeRun): number {
  return 1 - suspects.reduce((left, { score }) => left * (1 - score), 1);
}

const COUNTED = [
  'action.tool-failed',
  'loop.repeated-action',
  'safety.unapproved-irreversible',
  'outcome.abnormal-end',
];

export async function measureOutcomes(root: string) {
  const runs = await outcomeRuns(root);
  const files = [...new Set(runs.map(({ file }) => file))];
  const failed = runs.filter((run) => run.failed).length;
  const row = (what: string, scoreOf: (run: OutcomeRun) => number) => {
    const items = runs.map((run) => ({ file: run.file, failed: run.failed, score: scoreOf(run) }));
    const inFiles = files.map((file) => areaUnderCurve(items.filter((item) => item.file === file)));
    const comparable = inFiles.filter(({ pairs }) => pairs > 0);
    const pairs = comparable.reduce((sum, one) => sum + one.pairs, 0);
    const within = comparable.reduce((sum, one) => sum + one.area * one.pairs, 0) / pairs;
    return {
      what,
      'AUROC within one file': within.toFixed(3),
      'mean of files': (comparable.reduce((sum, { area }) => sum + area, 0) / comparable.length).toFixed(3),
      'files above .5': `${comparable.filter(({ area }) => area > 0.5).length} of ${comparable.length}`,
      'AUROC overall': areaUnderCurve(items).area.toFixed(3),
    };
  };
  const flaggedBy = (what: string, flags: (run: OutcomeRun) => boolean) => {
    const flagged = runs.filter(flags);
    const right = flagged.filter((run) => run.failed);
    const half = (which: 0 | 1) => {
      const of = (all: readonly OutcomeRun[]) => all.filter((run) => halfOf(`${run.file} ${run.run.id}`) === which);
      return `${of(right).length}/${of(flagged).length}`;
    };
    const precision = shareText(right.length, flagged.length);
    return { what, precision, recall: shareText(right.length, failed), halves: `${half(0)} + ${half(1)}` };
  };
  return {
    runs: runs.length,
    base: shareText(failed, runs.length),
    rows: [
      row('Hindstep, risk', ({ risk }) => risk),
      row('how much its suspects weigh', suspicion),
      row('number of steps', ({ steps }) => steps.length),
      row('errors + repeats + unconfirmed + bad end', ({ verdicts }) =>
        verdicts
          .filter(({ evaluator }) => COUNTED.includes(evaluator))
          .reduce((sum, { findings }) => sum + findings.length, 0),
      ),
    ],
    flagged: [flaggedBy('a suspect weighs at least half', hasError), flaggedBy('an evaluator says error', saysError)],
    evaluators: evaluatorsOf(runs, failed),
  };
}

/** A run is flagged as an error when a suspect of it weighs at least half, though nothing says that the run failed. */
function hasError({ suspects }: OutcomeRun): boolean {
  return suspects.some(({ score }) => score >= 0.5);
}

/** The other way to read "flagged as an error": an evaluator of a step or the run fails with an error. */
function saysError({ verdicts }: OutcomeRun): boolean {
  return verdicts.some(
    ({ status, findings }) => status === 'fail' && findings.some(({ severity }) => severity === 'error'),
  );
}

function evaluatorsOf(runs: readonly OutcomeRun[], failed: number) {
  const ids = [...new Set(runs.flatMap(({ verdicts }) => verdicts.map(({ evaluator }) => evaluator)))];
  return ids.flatMap((evaluator) => {
    const flagged = runs.filter(({ verdicts }) =>
      verdicts.some((v) => v.evaluator === evaluator && (v.status === 'fail' || v.status === 'warn')),
    );
    if (flagged.length === 0) return [];
    const right = flagged.filter((run) => run.failed).length;
    return [
      {
        evaluator,
        runs: flagged.length,
        precision: shareText(right, flagged.length),
        recall: shareText(right, failed),
      },
    ];
  });
}
