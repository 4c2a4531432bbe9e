import type { Severity, Verdict } from '../evaluators/verdict.ts';
import type { Rate } from '../util/wilson.ts';
import type { Latency } from './latency.ts';
import type { PassHat } from './taskSuccess.ts';

/** Version of the shape in which cohorts are kept as baselines. */
export const COHORT_VERSION = 1;

/** Runs that are judged together, in groups by their keys: model, agent, prompt. Plain data, as kept for a baseline. */
export interface Cohort {
  readonly version: typeof COHORT_VERSION;
  /** Keys that make the groups, in order. */
  readonly by: readonly string[];
  readonly files: number;
  /** All runs together. */
  readonly total: Group;
  /** Largest first; only `total` again when no key was asked for. */
  readonly groups: readonly Group[];
}

export interface Group {
  /** `model=gpt-4o, agent=retail`; `all runs` for the total. */
  readonly label: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly runs: number;
  readonly metrics: GroupMetrics;
  /** What each evaluator said of the runs, in the order of the verdicts. */
  readonly evaluators: readonly Tally[];
}

/** Metrics over runs; what no run records is absent. */
export interface GroupMetrics {
  /** Runs with a retry, a backtrack or an escalation after a failed action, of runs with an action; of runs with a failed one. */
  readonly repair?: Rate;
  readonly repairOfFailed?: Rate;
  /** Failed calls of calls with a known outcome. */
  readonly toolErrors?: Rate;
  /** Actions that repeat an earlier one, of those whose arguments are recorded. */
  readonly repeats?: Rate;
  readonly latency?: Latency;
  /** A run's mean, over the runs that record it. */
  readonly tokens?: Mean;
  /** USD. */
  readonly cost?: Mean & { readonly isAtLeast?: true };
  /** Turns that a person disliked or that were handed to one, of turns with actions in runs with feedback. */
  readonly feedback?: Rate;
  /** By k, from 1; absent where no outcome is recorded. */
  readonly passHat?: readonly PassHat[];
}

export interface Mean {
  readonly mean: number;
  readonly runs: number;
}

/** How often an evaluator failed runs. */
export interface Tally {
  readonly evaluator: string;
  readonly failed: number;
  /** With those that were only warned of. */
  readonly passed: number;
  readonly warned: number;
  readonly notApplicable: number;
  readonly errors: number;
  /** Of the runs that it failed, the one with the most to say against it. */
  readonly worst?: RunPlace;
}

/** A step of a run of a file. */
export interface RunPlace {
  readonly file: string;
  readonly run: string;
  readonly step: number;
  readonly pointer: string;
  /** What was found there: a sentence. */
  readonly message: string;
}

/** One fault of a group of runs. */
export interface CohortFinding {
  /** Label of the group. */
  readonly group: string;
  /** One sentence. */
  readonly message: string;
  readonly severity: Severity;
  readonly expected?: string;
  readonly actual?: string;
  /** Where to look first. */
  readonly place?: RunPlace;
}

/** What a cohort evaluator says: as a verdict on a run, with findings about groups. */
export interface CohortVerdict extends Omit<Verdict, 'findings'> {
  readonly findings: readonly CohortFinding[];
}
