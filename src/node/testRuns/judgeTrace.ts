import { dirname } from 'node:path';
import { openTrace } from '../../core/formats/openTrace.ts';
import { judgeCalls } from '../../core/regression/judge.ts';
import { callLines } from '../../core/regression/results/callLines.ts';
import { messageOf } from '../../core/util/result.ts';
import { openFileSource } from '../fileSource.ts';
import { folderNeighbours } from '../neighbours.ts';
import { sameTask, type TraceRun } from '../regression/replayHelper/readTrace.ts';
import { readFixtureFile } from '../replay/readFixtureFile.ts';
import { traceRuns } from '../replay/trace/traceRuns.ts';
import { verdictsOf, wantsVerdicts } from '../replay/verdictsOf.ts';
import { type FixtureRun, shownPath } from './runFixtures.ts';

/** Judges the runs of a trace that were asked what a fixture is about, with nothing run. Never rejects. */
export async function judgeTrace(
  fixtureFile: string,
  tracePath: string,
  root: string,
  signal: AbortSignal,
): Promise<FixtureRun> {
  const path = shownPath(fixtureFile, root);
  const start = Date.now();
  const base = { path, fixtureFile, by: 'trace', made: [], output: '' };
  const read = await readFixtureFile(fixtureFile);
  if (!read.ok) {
    const problems = [read.error.replaceAll(fixtureFile, path)];
    return { ...base, id: path, title: path, outcome: 'unjudged', duration: 0, problems, calls: [] };
  }
  const fixture = read.value;
  const named = { ...base, id: fixture.id, title: fixture.title };
  try {
    const runs = sameTask(fixture.messages, await runsOf(tracePath, wantsVerdicts(fixture), signal), tracePath);
    const judged = runs.map((run) => ({ run, problems: judgeCalls(fixture, run) }));
    const shown = judged.find(({ problems }) => problems.length > 0) ?? judged[0];
    const problems = judged.flatMap((one) => one.problems);
    const made = shown?.run.calls ?? [];
    return {
      ...named,
      made,
      outcome: problems.length === 0 ? 'held' : 'regression',
      duration: Date.now() - start,
      problems,
      // A decision is no whole run, and the fixture of one knows what came before.
      calls: callLines({ ...fixture, mode: 'trace-check' }, made),
    };
  } catch (thrown) {
    const problems = [messageOf(thrown).replace(/^hindstep: /, '')];
    return { ...named, outcome: 'unjudged', duration: Date.now() - start, problems, calls: [] };
  }
}

/** The agent's own runs in a trace; with what evaluators say of them where it is asked for. */
async function runsOf(path: string, wanted: boolean, signal: AbortSignal): Promise<TraceRun[]> {
  const source = await openFileSource(path);
  try {
    const opened = await openTrace(source, { neighbours: folderNeighbours(dirname(path)), signal });
    if (!opened.ok) throw new Error(`${path}: ${opened.decline.sentence}`);
    const found: TraceRun[] = [];
    for (const { run, ...judged } of await traceRuns(opened.value, signal)) {
      found.push({ ...judged, ...(wanted && { verdicts: await verdictsOf(opened.value, run, signal) }) });
    }
    return found;
  } finally {
    await source.close?.();
  }
}
