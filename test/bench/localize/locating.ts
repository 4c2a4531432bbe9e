import type { Policy } from '../../../src/core/evaluators/policy/policy.ts';
import type { Suspect, Verdict } from '../../../src/core/evaluators/verdict.ts';
import { judgeRun } from '../../../src/node/judgement/judgeRun.ts';
import { halfOf } from './halves.ts';
import { type LabelledRun, type LoadedRun, recordOf } from './labelledRun.ts';
import { shareText } from './shares.ts';

/** Something that names one record of a run, or nothing. */
export type Guess = (run: LabelledRun) => number | undefined;

/** How often a guess names the right record. */
export interface Row {
  readonly what: string;
  readonly exact: string;
  readonly '±1': string;
  readonly '±3': string;
  readonly agent: string;
  readonly 'human-marked': string;
  readonly coverage: string;
  readonly halves: string;
  readonly either?: string;
}

export interface Judged {
  readonly verdicts: readonly Verdict[];
  readonly suspects: readonly Suspect[];
  readonly risk: number;
}

/** What Hindstep is told of a run besides its steps. */
export interface Told {
  readonly outcome: 'failed' | 'unknown';
  readonly policy?: Policy;
  /** Whether it sees the calls that the file says should have been made. */
  readonly reference?: boolean;
}

/** What Hindstep says of a run. Labels and right answers that stand in the file are left out. */
export async function judged({ run, trace }: LoadedRun, { outcome, policy, reference = false }: Told): Promise<Judged> {
  const { feedback: _labels, expectedActions, outcome: _recorded, ...rest } = run;
  const blind = { ...rest, outcome: { status: outcome }, ...(reference && expectedActions && { expectedActions }) };
  const { verdicts, rollUps, suspects, risk } = await judgeRun(trace, blind, policy === undefined ? {} : { policy });
  return { verdicts: [...verdicts, ...rollUps], suspects, risk };
}

/**
 * Scores guesses. `exact` is met by the labelled record or another record of the same step (a call and its result);
 * ± counts records of the file. `human-marked` is the share of guesses at any record that people marked. A run without
 * a guess counts as missed everywhere but there.
 */
export function score(
  what: string,
  runs: readonly LabelledRun[],
  guess: Guess,
  other?: ReadonlyMap<string, number>,
): Row {
  const results = runs.map((run) => resultOf(run, guess(run), other?.get(run.task)));
  const count = (holds: (result: Result) => boolean, of = results) => shareText(of.filter(holds).length, of.length);
  const guessed = results.filter(({ guessed }) => guessed);
  const both = results.filter(({ either }) => either !== undefined);
  const half = (which: 0 | 1) => {
    const mine = results.filter((_, i) => halfOf(runs[i]?.task ?? '') === which);
    return `${mine.filter(({ distance }) => distance === 0).length}/${mine.length}`;
  };
  return {
    what,
    exact: count(({ distance }) => distance === 0),
    '±1': count(({ distance }) => distance <= 1),
    '±3': count(({ distance }) => distance <= 3),
    agent: count(({ agent }) => agent),
    'human-marked': count(({ marked }) => marked, guessed),
    coverage: shareText(guessed.length, results.length),
    halves: `${half(0)} + ${half(1)}`,
    ...(other !== undefined && { either: count(({ either }) => either === true, both) }),
  };
}

interface Result {
  readonly guessed: boolean;
  readonly distance: number;
  readonly agent: boolean;
  readonly marked: boolean;
  readonly either: boolean | undefined;
}

function resultOf(run: LabelledRun, guess: number | undefined, other: number | undefined): Result {
  const distance = guess === undefined ? Number.POSITIVE_INFINITY : distanceOf(run, guess, run.label);
  const step = guess === undefined ? undefined : run.steps[run.stepOf[guess] ?? -1];
  const hitsOther = guess !== undefined && other !== undefined && distanceOf(run, guess, other) === 0;
  return {
    guessed: guess !== undefined,
    distance,
    agent: step !== undefined && sameAgent(agentOf(step), run.labelledAgent),
    marked: guess !== undefined && [...run.marked].some((record) => distanceOf(run, guess, record) === 0),
    either: other === undefined ? undefined : distance === 0 || hitsOther,
  };
}

function distanceOf({ stepOf }: LabelledRun, guess: number, label: number): number {
  const same = stepOf[guess] !== -1 && stepOf[guess] === stepOf[label];
  return same ? 0 : Math.abs(guess - label);
}

function agentOf(step: LabelledRun['steps'][number]): string {
  return step.agent ?? (step.kind === 'user' ? 'user' : 'assistant');
}

function sameAgent(name: string, labelled: string): boolean {
  return name.toLowerCase() === labelled.toLowerCase();
}

/** The record of the most suspect step. */
export function topSuspect(of: ReadonlyMap<LabelledRun, Judged>): Guess {
  return (run) => {
    const [top] = of.get(run)?.suspects ?? [];
    return top === undefined ? undefined : recordOf(run.stepOf, top.step);
  };
}

/** For each evaluator: how many of the steps it points at people marked, and how many of the marked steps it points at. */
export function perEvaluator(runs: readonly LabelledRun[], of: ReadonlyMap<LabelledRun, Judged>): EvaluatorRow[] {
  const rows = new Map<string, { marked: number; found: number; runs: Set<string> }>();
  let allMarked = 0;
  for (const run of runs) {
    const marked = new Set([...run.marked].map((record) => run.stepOf[record] ?? -1));
    allMarked += marked.size;
    for (const { evaluator, findings } of of.get(run)?.verdicts ?? []) {
      const steps = new Set(findings.filter((f) => f.severity !== 'information').map(({ step }) => step));
      if (steps.size === 0) continue;
      const row = rows.get(evaluator) ?? { marked: 0, found: 0, runs: new Set<string>() };
      row.found += steps.size;
      row.marked += [...steps].filter((step) => marked.has(step)).length;
      row.runs.add(run.task);
      rows.set(evaluator, row);
    }
  }
  return [...rows].map(([evaluator, row]) => ({
    evaluator,
    runs: row.runs.size,
    precision: shareText(row.marked, row.found),
    recall: shareText(row.marked, allMarked),
  }));
}

export interface EvaluatorRow {
  readonly evaluator: string;
  readonly runs: number;
  readonly precision: string;
  readonly recall: string;
}
