import type { Run } from '../trace/model.ts';

/** How often a task was done, in trials with a known outcome. */
export interface Trials {
  trials: number;
  passed: number;
}

/** The share of tasks that would be done k times in a row. */
export interface PassHat {
  readonly k: number;
  /** In [0, 1]. */
  readonly value: number;
  /** Tasks with at least k trials; others say nothing of k in a row. */
  readonly tasks: number;
  /** Standard error of the mean over tasks; absent for a single task. */
  readonly error?: number;
}

/** More trials in a row than this are not reported. */
const MOST = 8;

/**
 * pass^k (tau-bench, arXiv 2406.12045): the mean over tasks of C(c, k) / C(n, k), where c of n trials passed; for each k
 * that some task has as many trials of.
 */
export function passHats(tasks: readonly Trials[]): PassHat[] {
  const most = Math.min(MOST, Math.max(0, ...tasks.map(({ trials }) => trials)));
  return Array.from({ length: most }, (_, i) => i + 1).map((k) => {
    const values = tasks.filter(({ trials }) => trials >= k).map(({ trials, passed }) => inARow(passed, trials, k));
    const value = values.reduce((sum, one) => sum + one, 0) / values.length;
    const variance = values.reduce((sum, one) => sum + (one - value) ** 2, 0) / (values.length - 1);
    const error = values.length > 1 ? Math.sqrt(variance / values.length) : undefined;
    return { k, value, tasks: values.length, ...(error !== undefined && { error }) };
  });
}

/** C(c, k) / C(n, k): the chance that k of n trials, drawn without putting back, all passed. */
function inARow(passed: number, trials: number, k: number): number {
  let chance = 1;
  for (let i = 0; i < k; i++) chance *= Math.max(0, passed - i) / (trials - i);
  return chance;
}

/** Gathers trials by task. */
export class Tasks {
  private readonly tasks = new Map<string, Trials & { readonly seen: Map<string, string> }>();

  /** Takes note of a run; one without a known outcome, or of which nobody knows what was asked, is no trial. */
  add(run: Run, file: string): void {
    const { outcome, cohort, goal, model } = run;
    if (outcome === undefined || outcome.status === 'unknown') return;
    const asked = cohort?.task === undefined ? goal : cohort.task;
    if (asked === undefined) return;
    const key = JSON.stringify([asked, cohort?.domain ?? null, cohort?.['user instruction'] ?? null, model ?? null]);
    // Another file with the same trial of a task of this name means another task, or another agent.
    const trial = cohort?.trial;
    const other = trial === undefined ? undefined : this.tasks.get(key)?.seen.get(trial);
    const task = this.taskOf(other === undefined || other === file ? key : `${key} ${file}`);
    if (trial !== undefined) task.seen.set(trial, file);
    task.trials++;
    if (outcome.status === 'passed') task.passed++;
  }

  finish(): PassHat[] {
    return passHats([...this.tasks.values()]);
  }

  private taskOf(key: string) {
    const task = this.tasks.get(key) ?? { trials: 0, passed: 0, seen: new Map<string, string>() };
    this.tasks.set(key, task);
    return task;
  }
}
