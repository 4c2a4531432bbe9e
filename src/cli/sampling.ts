import { type InARow, inARow } from '../core/cohort/inARow.ts';
import { percent, rateText } from '../core/cohort/percent.ts';
import type { ReplayResult } from '../node/replay/replayRun.ts';

/** What came of a run that could be judged. */
export type JudgedReplay = Exclude<ReplayResult, { status: 'unjudged' }>;

/** A sample of runs of one fixture. */
export interface Sample {
  readonly status: 'held' | 'broken';
  /** How many runs had to hold. */
  readonly atLeast: number;
  readonly held: { readonly count: number; readonly of: number };
  readonly inARow: readonly InARow[];
  readonly runs: readonly JudgedReplay[];
}

/** Adds up a sample: it holds when enough of its runs do. */
export function sampleOf(runs: readonly JudgedReplay[], atLeast: number): Sample {
  const count = runs.filter(({ status }) => status === 'held').length;
  return {
    status: count >= atLeast ? 'held' : 'broken',
    atLeast,
    held: { count, of: runs.length },
    inARow: inARow(count, runs.length),
    runs,
  };
}

/** A sample in lines: the rate, pass^k, and what was wrong how often. */
export function sampleLines({ held, inARow: rows, runs, atLeast, status }: Sample): string[] {
  const wrong = new Map<string, number>();
  for (const { problems } of runs) for (const one of new Set(problems)) wrong.set(one, (wrong.get(one) ?? 0) + 1);
  const interval = ({ low, high }: InARow) => `95 % interval ${Math.round(low * 100)}–${Math.round(high * 100)} %`;
  return [
    `${status === 'held' ? 'Holds' : 'Does not hold'}: ${rateText(held, 'runs')}; ${atLeast} had to.`,
    ...rows.slice(1).map((row) => `  pass^${row.k}: ${percent(row.value)} (${interval(row)})`),
    ...[...wrong].sort((a, b) => b[1] - a[1]).map(([problem, often]) => `  ${often} of ${runs.length}: ${problem}`),
  ];
}
