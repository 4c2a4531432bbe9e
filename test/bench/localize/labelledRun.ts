import type { OpenTrace } from '../../../src/core/formats/openTrace.ts';
import { openTrace } from '../../../src/core/formats/openTrace.ts';
import type { Run, Step } from '../../../src/core/trace/model.ts';
import { openFileSource } from '../../../src/node/fileSource.ts';

/** A run that has been opened, with its steps kept: the sets are small, and many rules look at the same steps. */
export interface LoadedRun {
  readonly run: Run;
  readonly steps: readonly Step[];
  /** What evaluation takes: the kept steps, given again. */
  readonly trace: Pick<OpenTrace, 'steps'>;
}

/** A failed run whose failing step people have marked. Records are counted from 0 in the list of the set's file. */
export interface LabelledRun extends LoadedRun {
  /** The set's id of the task, the same across sets. */
  readonly task: string;
  /** The step that shows a record; -1 for a record that no step shows. */
  readonly stepOf: readonly number[];
  /** The record of the step in which the run went wrong. */
  readonly label: number;
  readonly labelledAgent: string;
  /** Every record that people marked as a failure, the label among them. */
  readonly marked: ReadonlySet<number>;
}

/** All runs of a file by the ordinary readers. */
export async function loadRuns(path: string): Promise<{ opened: OpenTrace; runs: LoadedRun[] }> {
  const opened = await openTrace(await openFileSource(path), {});
  if (!opened.ok) throw new Error(`${path}: ${opened.decline.sentence}`);
  const runs: LoadedRun[] = [];
  for (const run of opened.value.trace.runs) {
    const steps: Step[] = [];
    for await (const step of opened.value.steps(run)) steps.push(step);
    runs.push(keptRun(run, steps));
  }
  return { opened: opened.value, runs };
}

export function keptRun(run: Run, steps: readonly Step[]): LoadedRun {
  return {
    run,
    steps,
    trace: {
      async *steps(_run, from = 0, to = steps.length) {
        yield* steps.slice(from, to);
      },
    },
  };
}

/** The first record that a step shows; -1 when it shows none. */
export function recordOf(stepOf: readonly number[], step: number): number {
  return stepOf.indexOf(step);
}
