import type { Cohort, CohortFinding, CohortVerdict, Group, GroupMetrics, Tally } from '../core/cohort/cohort.ts';
import { tallyRate } from '../core/cohort/evalFailRate.ts';
import { percent, rateText } from '../core/cohort/percent.ts';
import { durationText, usd } from '../core/evaluators/shared/say.ts';
import { oneLine, plural } from './text.ts';

/** A cohort as lines of text for a terminal. */
export function cohortLines(cohort: Cohort, verdicts: readonly CohortVerdict[]): string[] {
  const by = cohort.by.length === 0 ? '' : `, by ${cohort.by.join(' and ')}`;
  return [
    `${plural(cohort.total.runs, 'run')} in ${plural(cohort.files, 'file')}${by}`,
    ...cohort.groups.flatMap((group) => ['', ...groupLines(group)]),
    '',
    ...verdicts.flatMap(verdictLines),
  ];
}

function groupLines({ label, runs, metrics, evaluators }: Group): string[] {
  const rows = metricRows(metrics);
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    `${label} · ${plural(runs, 'run')}`,
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    ...tallyTable(evaluators).map((line) => (line === '' ? '' : `  ${line}`)),
  ];
}

function metricRows(metrics: GroupMetrics): [string, string][] {
  const { repair, repairOfFailed, toolErrors, repeats, latency, tokens, cost, feedback, passHat } = metrics;
  const unknown = 'not recorded';
  const ofFailed =
    repairOfFailed === undefined
      ? ''
      : `; ${percent(repairOfFailed.count / repairOfFailed.of)} of the ${plural(repairOfFailed.of, 'run')} with a failed call`;
  return [
    ['action repair rate', repair === undefined ? 'no actions' : `${rateText(repair, 'runs')}${ofFailed}`],
    ['tool-error rate', toolErrors === undefined ? unknown : rateText(toolErrors, 'calls')],
    [
      'repeated actions',
      repeats === undefined
        ? unknown
        : `${repeats.count.toLocaleString('en-US')} of ${repeats.of.toLocaleString('en-US')} (${percent(repeats.count / repeats.of)})`,
    ],
    ['p99 action latency', latencyValue(latency) ?? unknown],
    [
      'tokens of a run',
      tokens === undefined
        ? unknown
        : `${Math.round(tokens.mean).toLocaleString('en-US')} (mean of ${plural(tokens.runs, 'run')})`,
    ],
    [
      'cost of a run',
      cost === undefined
        ? tokens === undefined
          ? unknown
          : 'no cost is recorded, and no price is known'
        : `${cost.isAtLeast ? 'at least ' : ''}${usd(cost.mean)} (mean of ${plural(cost.runs, 'run')})`,
    ],
    ['user feedback', feedback === undefined ? unknown : `${rateText(feedback, 'turns')} disliked or handed over`],
    [
      'pass^k',
      passHat === undefined
        ? 'no outcome recorded'
        : passHat.map(({ k, value, tasks }) => `^${k} ${value.toFixed(2)} (${plural(tasks, 'task')})`).join('  '),
    ],
  ];
}

function latencyValue(latency: GroupMetrics['latency']): string | undefined {
  if (latency === undefined) return undefined;
  const { n, slowest, p99 } = latency;
  return p99 === undefined
    ? `n = ${n} is too few; slowest ${durationText(slowest)}`
    : `${durationText(p99.value)} (n = ${n}; 95 % interval ${durationText(p99.low)}–${durationText(p99.high)})`;
}

/** Evaluators that failed or warned of a run, worst first; how many others had nothing to say. */
function tallyTable(tallies: readonly Tally[]): string[] {
  const shown = tallies.filter(({ failed, warned, errors }) => failed + warned + errors > 0);
  const quiet = tallies.length - shown.length;
  const rest = quiet === 0 ? [] : [`${plural(quiet, 'other evaluator')} had nothing against any run.`];
  if (shown.length === 0) return rest;
  const rows = shown
    .map((tally) => ({ tally, rate: tallyRate(tally) }))
    .sort((a, b) => share(b.rate) - share(a.rate))
    .map(({ tally, rate }) => [
      tally.evaluator,
      rate.of === 0 ? '–' : percent(rate.count / rate.of),
      `${rate.count}/${rate.of}`,
      rate.of === 0 ? '' : `${Math.round(rate.low * 100)}–${Math.round(rate.high * 100)} %`,
      String(tally.warned),
      String(tally.notApplicable),
      tally.errors === 0 ? '' : plural(tally.errors, 'error'),
    ]);
  return ['', ...table([['evaluator', 'fails', 'of judged', 'interval', 'warned', 'na', ''], ...rows]), ...rest];
}

function share({ count, of }: { count: number; of: number }): number {
  return of === 0 ? 0 : count / of;
}

/** Columns as wide as their widest cell; the first to the left, numbers to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

const MARK: Record<CohortVerdict['status'], string> = { pass: '✓', fail: '✗', warn: '!', na: '·', error: 'E' };

function verdictLines({ evaluator, status, reason, findings }: CohortVerdict): string[] {
  return [`${MARK[status]} ${evaluator}: ${reason}`, ...findings.flatMap(findingLines)];
}

function findingLines({ group, message, severity, place }: CohortFinding): string[] {
  const head = `    ${severity === 'warning' ? '!' : ' '} ${group}: ${message}`;
  if (place === undefined) return [head];
  return [head, `        ${place.file} · run ${place.run} [${place.step}] ${oneLine(place.message, 100)}`];
}
