import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join, relative, sep } from 'node:path';
import type { FixtureCall, FixtureMessage, RunnerId } from '../../core/regression/fixture.ts';
import { callLines } from '../../core/regression/results/callLines.ts';
import type { FixtureResult } from '../../core/regression/results/fixtureResult.ts';
import { messageOf } from '../../core/util/result.ts';
import { atEnd } from '../atEnd.ts';
import { ENVIRONMENT, problemOf, reasonIn } from '../regression/prove.ts';
import { runnerCommand } from '../regression/runners.ts';
import { type Finished, runProgram } from '../regression/runProgram.ts';
import { FIXTURE_ENDING } from './findFixtures.ts';
import { type FixtureTest, fixtureTestOf } from './fixtureTest.ts';
import { failedFiles, type Report, readReports, statusArguments } from './reports.ts';

/** A result with what a person may want to look into. */
export interface FixtureRun extends FixtureResult {
  /** Absolute. */
  readonly fixtureFile: string;
  /** The test that judged it; undefined where there is none. */
  readonly test?: FixtureTest;
  /** What the agent did. */
  readonly made: readonly FixtureCall[];
  /** The conversation that it did it in, where an agent was run. */
  readonly messages?: readonly FixtureMessage[];
  /** The runner's own words. */
  readonly output: string;
}

export interface RunFixturesOptions {
  /** What paths are told relative to, and where tests run of which no proof says where. Absolute. */
  readonly root: string;
  /** ms, for one fixture; runners that run several get so much for each. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** The `hindstep` command's file, for tests whose traces or evaluators need it. */
  readonly cli?: string;
  /** The fixtures that a runner was started for. */
  readonly onStart?: (fixtureFiles: readonly string[]) => void;
  /** Each result as soon as it is there. */
  readonly onResult?: (run: FixtureRun) => void;
}

/**
 * Runs the tests of fixtures with their own runners, several at once where a runner can, and says of each what came of it,
 * in the order in which they were given. Fixtures that were not judged when the signal aborts are left out. Never rejects.
 */
export async function runFixtures(
  fixtureFiles: readonly string[],
  options: RunFixturesOptions,
): Promise<readonly FixtureRun[]> {
  const runs = new Map<string, FixtureRun>();
  const add = (run: FixtureRun) => {
    runs.set(run.fixtureFile, run);
    options.onResult?.(run);
  };
  const tests: FixtureTest[] = [];
  for (const file of fixtureFiles) {
    const test = await fixtureTestOf(file, options.root);
    if (test.ok) tests.push(test.value);
    else add(withoutTest(file, test.error, options.root));
  }
  const groups = groupsOf(tests);
  const work = async () => {
    for (let group = groups.shift(); group !== undefined && !options.signal.aborted; group = groups.shift()) {
      for (const run of await runGroup(group, options)) add(run);
    }
  };
  // Every runner takes all processors for itself; two keep them busy while one starts.
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
  return fixtureFiles.flatMap((file) => runs.get(file) ?? []);
}

interface Group {
  readonly runner: RunnerId;
  readonly workspaceFolder: string;
  readonly tests: FixtureTest[];
}

/** What one start of a runner takes. Node starts a process for each file anyway, so there is nothing to be saved. */
function groupsOf(tests: readonly FixtureTest[]): Group[] {
  const groups = new Map<string, Group>();
  for (const test of tests) {
    const { runner, workspaceFolder, testFile } = test;
    const key = runner === 'node-test' ? testFile : `${runner} ${workspaceFolder}`;
    const group = groups.get(key) ?? { runner, workspaceFolder, tests: [] };
    group.tests.push(test);
    groups.set(key, group);
  }
  return [...groups.values()];
}

async function runGroup(group: Group, options: RunFixturesOptions): Promise<FixtureRun[]> {
  const { runner, workspaceFolder, tests } = group;
  const { root, signal, timeout, cli, onStart } = options;
  onStart?.(tests.map(({ fixtureFile }) => fixtureFile));
  const unjudged = (problem: string) => tests.map((test) => runOf(test, root, { outcome: 'unjudged', problem }));
  const command = await runnerCommand(runner, workspaceFolder);
  if (!command.ok) return unjudged(command.error);
  let clean = () => {};
  try {
    const folder = await mkdtemp(join(tmpdir(), 'hindstep-test-'));
    const forget = atEnd(() => rmSync(folder, { recursive: true, force: true }));
    clean = () => {
      forget();
      rmSync(folder, { recursive: true, force: true });
    };
    const [reportsFolder, status] = [join(folder, 'reports'), join(folder, 'status')];
    await mkdir(reportsFolder);
    const args = [...command.value.args(...tests.map(({ testFile }) => testFile)), ...statusArguments(runner, status)];
    const finished = await runProgram(command.value.program, args, {
      folder: workspaceFolder,
      // What is left from a proof in somebody's shell must not stand in for the agent.
      env: {
        ...ENVIRONMENT,
        HINDSTEP_PROOF: '',
        HINDSTEP_RESULTS: reportsFolder,
        ...(cli !== undefined && { HINDSTEP_CLI: process.env.HINDSTEP_CLI ?? cli }),
      },
      timeout: timeout * tests.length,
      signal,
    });
    if (signal.aborted) return [];
    // Where it wrote for us is nothing to a person.
    const output = finished.output.replace(new RegExp(`^.*${basename(folder)}.*\\n?`, 'gm'), '');
    const reports = await readReports(reportsFolder);
    const failed = await failedFiles(runner, status);
    return await Promise.all(
      tests.map(async (test) => {
        const found = reports.get(await realpath(test.fixtureFile)) ?? [];
        const own = failed?.find(({ file }) => file === test.testFile || test.testFile.endsWith(`/${file}`));
        const red = failed === undefined ? finished.exitCode !== 0 : own !== undefined;
        const duration = finished.duration / tests.length;
        return judged(test, found, { ...finished, output, duration, red, words: own?.words ?? output }, root);
      }),
    );
  } catch (thrown) {
    return unjudged(`The test could not be run: ${messageOf(thrown)}`);
  } finally {
    clean();
  }
}

/** How a runner ended, for one of its tests: whether it failed, and what was said of it. */
interface Ended extends Finished {
  readonly red: boolean;
  readonly words: string;
}

/** What a test's reports and its runner say together. */
function judged(test: FixtureTest, reports: readonly Report[], ended: Ended, root: string): FixtureRun {
  const { output, duration, red, words } = ended;
  const of = (found: Judged) => runOf(test, root, { ...found, output, duration });
  const [report] = reports;
  const broken = reports.find(({ problems }) => problems.length > 0);
  if (broken !== undefined) return of({ outcome: 'regression', problems: broken.problems, report: broken });
  const error = reports.find((one) => one.error !== undefined)?.error;
  if (error !== undefined) return of({ outcome: 'unjudged', problem: error });
  if (report === undefined) return withoutReport(test, ended, of);
  if (!red) return of({ outcome: 'held', report });
  // It was judged and ended late, or it asserts more than the fixture does.
  if (ended.problem !== undefined) return of({ outcome: 'unjudged', problem: ended.problem, report });
  const problem = `The fixture holds, and the test failed by itself: ${problemOf(words)}`;
  return of({ outcome: 'regression', problem, report });
}

/** Helpers of earlier versions don't tell what came of a fixture; then the runner's word must do. */
function withoutReport(
  test: FixtureTest,
  { red, words, problem }: Ended,
  of: (found: Judged) => FixtureRun,
): FixtureRun {
  if (problem !== undefined) return of({ outcome: 'unjudged', problem });
  if (!red && !test.tells) return of({ outcome: 'held' });
  if (!red)
    return of({ outcome: 'unjudged', problem: 'The test passed and did not judge its fixture. Is it skipped?' });
  const reason = test.tells ? undefined : reasonIn(words);
  if (reason !== undefined) return of({ outcome: 'regression', problem: reason });
  return of({ outcome: 'unjudged', problem: `The test could not be run: ${problemOf(words)}` });
}

interface Judged extends Pick<FixtureRun, 'outcome'> {
  readonly problem?: string;
  readonly problems?: readonly string[];
  readonly report?: Report;
  readonly output?: string;
  readonly duration?: number;
}

function runOf(test: FixtureTest, root: string, found: Judged): FixtureRun {
  const { fixture, fixtureFile } = test;
  const { outcome, problem, problems = problem === undefined ? [] : [problem], report } = found;
  return {
    path: shownPath(fixtureFile, root),
    id: fixture.id,
    title: fixture.title,
    outcome,
    by: test.runner,
    duration: Math.round(found.duration ?? 0),
    problems,
    calls: report === undefined ? [] : callLines(fixture, report.calls),
    fixtureFile,
    test,
    made: report?.calls ?? [],
    ...(report?.messages && { messages: report.messages }),
    output: found.output ?? '',
  };
}

function withoutTest(fixtureFile: string, problem: string, root: string): FixtureRun {
  const name = basename(fixtureFile, FIXTURE_ENDING);
  const told = problem.replaceAll(fixtureFile, shownPath(fixtureFile, root));
  return {
    path: shownPath(fixtureFile, root),
    id: name,
    title: name,
    outcome: 'unjudged',
    by: 'hindstep',
    duration: 0,
    problems: [told],
    calls: [],
    fixtureFile,
    made: [],
    output: '',
  };
}

export function shownPath(file: string, root: string): string {
  return relative(root, file).split(sep).join('/');
}
