import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type OpenTrace, openTrace } from '../../../core/formats/openTrace.ts';
import type { Fixture } from '../../../core/regression/fixture.ts';
import { openFileSource } from '../../fileSource.ts';
import { folderNeighbours } from '../../neighbours.ts';
import { sameTask } from '../../regression/replayHelper/readTrace.ts';
import { runProgram } from '../../regression/runProgram.ts';
import type { DrivenRun, Driver } from '../replayRun.ts';
import { verdictsOf, wantsVerdicts } from '../verdictsOf.ts';
import { traceRuns } from './traceRuns.ts';

/** How long a command may run, in ms. */
const LONGEST = 600_000;

/**
 * Runs a command that leaves a trace in any format that Hindstep reads, and takes from there what the agent did: its tools
 * are its own, nothing is recorded. `{goal}` and `{trace}` in its arguments are filled in, and stand in HINDSTEP_GOAL and
 * HINDSTEP_TRACE_FILE. A trace that was there before is nobody's proof.
 */
export function overTrace(fixture: Fixture, file: string, [program, ...args]: readonly [string, ...string[]]): Driver {
  return async (_session, signal) => {
    const before = await ageOf(file);
    const filled = args.map((argument) => argument.replaceAll('{goal}', fixture.goal).replaceAll('{trace}', file));
    const { exitCode, output, problem } = await runProgram(program, filled, {
      folder: process.cwd(),
      env: { HINDSTEP_GOAL: fixture.goal, HINDSTEP_TRACE_FILE: file },
      timeout: LONGEST,
      signal,
    });
    signal.throwIfAborted();
    const failed = exitCode === 0 ? undefined : (problem ?? `The command ended with exit code ${exitCode}.`);
    const wrote = output.trim() === '' ? '' : ` It wrote: ${output.trim().slice(-1000)}`;
    const after = await ageOf(file);
    if (after === undefined || after === before) {
      const what = after === undefined ? `left no trace at ${file}` : `did not write ${file}, which was there before`;
      throw new Error(`${program} ${what}. ${failed ?? ''}${wrote}`.trim());
    }
    return {
      ...(await judgedTrace(fixture, file, signal)),
      ...(failed !== undefined && { note: `${failed}${wrote}` }),
    };
  };
}

/** What the run in a trace did, with what evaluators say of it where the fixture asks for it. */
async function judgedTrace(fixture: Fixture, file: string, signal: AbortSignal): Promise<DrivenRun> {
  const source = await openFileSource(file);
  try {
    const opened = await openTrace(source, { neighbours: folderNeighbours(dirname(file)), signal });
    if (!opened.ok) throw new Error(`${file}: ${opened.decline.sentence}`);
    return { heard: true, run: await runIn(fixture, file, opened.value, signal) };
  } finally {
    await source.close?.();
  }
}

async function runIn(fixture: Fixture, file: string, trace: OpenTrace, signal: AbortSignal) {
  const runs = await traceRuns(trace, signal);
  const same = sameTask(fixture.messages, runs, file);
  const [only] = runs.filter((run) => same.includes(run));
  if (only === undefined || same.length > 1) {
    throw new Error(`${file} has ${same.length} runs of this task; which one the command made can't be told.`);
  }
  const { run, ...judged } = only;
  return { ...judged, ...(wantsVerdicts(fixture) && { verdicts: await verdictsOf(trace, run, signal) }) };
}

/** When a file was last changed, in ms with fractions; undefined when there is none. */
async function ageOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ mtimeMs, size }) => mtimeMs + size / 1e9,
    () => undefined,
  );
}
