import type { Verdict } from '../evaluators/verdict.ts';
import type { Run } from '../trace/model.ts';
import type { Rate } from '../util/wilson.ts';
import {
  COHORT_VERSION,
  type Cohort,
  type Group,
  type GroupMetrics,
  type Mean,
  type RunPlace,
  type Tally,
} from './cohort.ts';
import { groupKey, type RunSource } from './groupKeys.ts';
import { latencyOf } from './latency.ts';
import type { RunMetrics } from './runMetrics.ts';
import { Tasks } from './taskSuccess.ts';

/** All that a cohort takes of a judged run. */
export interface JudgedRun {
  readonly run: Run;
  readonly source: RunSource;
  readonly metrics: RunMetrics;
  /** Verdicts and roll-ups. */
  readonly verdicts: readonly Verdict[];
}

/** Gathers judged runs one by one and keeps only their numbers, so that any number of files can be read. */
export class CohortBuilder {
  private readonly total = new GroupBuilder('all runs', {});
  private readonly groups = new Map<string, GroupBuilder>();
  private readonly files = new Set<string>();

  /** `by`: keys that make the groups; none makes one of all runs. */
  constructor(private readonly by: readonly string[]) {}

  add(judged: JudgedRun): void {
    const keys = Object.fromEntries(this.by.map((key) => [key, groupKey(judged.run, judged.source, key)]));
    const label = this.by.map((key) => `${key}=${keys[key] ?? ''}`).join(', ');
    this.files.add(judged.source.file);
    this.total.add(judged);
    if (this.by.length === 0) return;
    const group = this.groups.get(label) ?? new GroupBuilder(label, keys);
    this.groups.set(label, group);
    group.add(judged);
  }

  finish(): Cohort {
    const total = this.total.finish();
    const groups = [...this.groups.values()].map((group) => group.finish()).sort((a, b) => b.runs - a.runs);
    return {
      version: COHORT_VERSION,
      by: this.by,
      files: this.files.size,
      total,
      groups: this.by.length === 0 ? [total] : groups,
    };
  }
}

type Count = { -readonly [key in keyof Rate]: Rate[key] };

class GroupBuilder {
  private runs = 0;
  private readonly repair: Count = { count: 0, of: 0 };
  private readonly repairOfFailed: Count = { count: 0, of: 0 };
  private readonly toolErrors: Count = { count: 0, of: 0 };
  private readonly repeats: Count = { count: 0, of: 0 };
  private readonly feedback: Count = { count: 0, of: 0 };
  private readonly latencies: number[] = [];
  private readonly tokens = new MeanOf();
  private readonly cost = new MeanOf();
  private costIsAtLeast = false;
  private readonly tasks = new Tasks();
  private readonly tallies = new Map<string, Counted>();

  constructor(
    private readonly label: string,
    private readonly keys: Readonly<Record<string, string>>,
  ) {}

  add({ run, source, metrics, verdicts }: JudgedRun): void {
    this.runs++;
    const repaired = metrics.repair === undefined ? 0 : 1;
    if (metrics.actions > 0) more(this.repair, repaired, 1);
    if (metrics.failedCalls > 0) more(this.repairOfFailed, repaired, 1);
    more(this.toolErrors, metrics.failedCalls, metrics.knownOutcomes);
    more(this.repeats, metrics.repeatedActions, metrics.comparedActions);
    if (metrics.feedback !== undefined) more(this.feedback, metrics.feedback.negative, metrics.feedback.turns);
    for (const latency of metrics.latencies) this.latencies.push(latency);
    this.tokens.add(metrics.tokens);
    this.cost.add(metrics.cost);
    this.costIsAtLeast ||= metrics.costIsAtLeast === true;
    this.tasks.add(run, source.file);
    for (const verdict of verdicts) this.tally(verdict, run, source);
  }

  private tally(verdict: Verdict, run: Run, source: RunSource): void {
    const known = this.tallies.get(verdict.evaluator) ?? {
      failed: 0,
      passed: 0,
      warned: 0,
      notApplicable: 0,
      errors: 0,
      weight: 0,
    };
    this.tallies.set(verdict.evaluator, known);
    if (verdict.status === 'na') known.notApplicable++;
    else if (verdict.status === 'error') known.errors++;
    else if (verdict.status !== 'fail') {
      known.passed++;
      if (verdict.status === 'warn') known.warned++;
    } else {
      known.failed++;
      const grave = verdict.findings.filter(({ severity }) => severity === 'error');
      const first = grave[0] ?? verdict.findings[0];
      if (first === undefined || grave.length + 1 <= known.weight) return;
      const { step, pointer, message } = first;
      known.weight = grave.length + 1;
      known.worst = { file: source.file, run: run.id, step, pointer, message };
    }
  }

  finish(): Group {
    return {
      label: this.label,
      keys: this.keys,
      runs: this.runs,
      metrics: this.metrics(),
      evaluators: [...this.tallies].map(([evaluator, { weight: _, ...tally }]): Tally => ({ evaluator, ...tally })),
    };
  }

  private metrics(): GroupMetrics {
    const latency = latencyOf(this.latencies);
    const [tokens, cost] = [this.tokens.finish(), this.cost.finish()];
    const passHat = this.tasks.finish();
    return {
      ...(this.repair.of > 0 && { repair: this.repair }),
      ...(this.repairOfFailed.of > 0 && { repairOfFailed: this.repairOfFailed }),
      ...(this.toolErrors.of > 0 && { toolErrors: this.toolErrors }),
      ...(this.repeats.of > 0 && { repeats: this.repeats }),
      ...(latency !== undefined && { latency }),
      ...(tokens !== undefined && { tokens }),
      ...(cost !== undefined && { cost: { ...cost, ...(this.costIsAtLeast && { isAtLeast: true as const }) } }),
      ...(this.feedback.of > 0 && { feedback: this.feedback }),
      ...(passHat.length > 0 && { passHat }),
    };
  }
}

/** A tally that is still being counted; `weight` is how much the worst run has against it. */
type Counted = { -readonly [key in Exclude<keyof Tally, 'evaluator' | 'worst'>]: number } & {
  worst?: RunPlace;
  weight: number;
};

class MeanOf {
  private sum = 0;
  private runs = 0;

  add(amount: number | undefined): void {
    if (amount === undefined) return;
    this.sum += amount;
    this.runs++;
  }

  finish(): Mean | undefined {
    return this.runs === 0 ? undefined : { mean: this.sum / this.runs, runs: this.runs };
  }
}

function more(count: Count, by: number, of: number): void {
  count.count += by;
  count.of += of;
}
