import { resolve } from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import { redact } from '../../core/redact/redact.ts';
import { differenceText } from '../../core/regression/results/callLines.ts';
import { countOutcomes, type FixtureResult } from '../../core/regression/results/fixtureResult.ts';
import { RESULT_WRITERS, resultJson } from '../../core/regression/results/resultFiles.ts';
import { err, ok, type Result } from '../../core/util/result.ts';
import { secretlintDetector } from '../../node/regression/secretDetector.ts';
import { findFixtures, sourceFolders, titleOf } from '../../node/testRuns/findFixtures.ts';
import { judgeTrace } from '../../node/testRuns/judgeTrace.ts';
import { keepFailed, lastFailed } from '../../node/testRuns/lastRun.ts';
import { type FixtureRun, runFixtures, shownPath } from '../../node/testRuns/runFixtures.ts';
import { untilChange } from '../../node/testRuns/untilChange.ts';
import { refuseExisting, writeWhole } from '../../node/writeWhole.ts';
import type { Arguments, Command, ExitCode, Output } from '../command.ts';
import { plural } from '../text.ts';

const FORMATS = RESULT_WRITERS.map(({ id }) => id).join(', ');
/** s, for one fixture. */
const TIMEOUT = 300;

export const test: Command = {
  name: 'test',
  summary: 'Runs the tests of fixtures with their own runners, and shows what was expected beside what the agent did.',
  options: [
    { name: 'filter', value: 'TEXT', words: 'only fixtures with this in their title or path' },
    { name: 'rerun-failed', words: 'only those that did not hold the last time' },
    { name: 'watch', words: 'again whenever a source file or a fixture changes, until Ctrl+C' },
    { name: 'trace', value: 'FILE', words: 'judge the runs of this trace instead of running anything' },
    { name: 'timeout', value: 'SECONDS', words: `how long one fixture may take (default: ${TIMEOUT})` },
    { name: 'format', value: 'FORMAT', words: `also a file, without secrets: ${FORMATS}` },
    { name: 'out', value: 'FILE', words: 'where to write it (default: standard output, and nothing else there)' },
    { name: 'overwrite', words: 'replace FILE if it is there' },
  ],
  teaches: [
    'hindstep test                                        every *.fixture.json below this folder',
    'hindstep test tests/cancel.fixture.json --watch',
    'hindstep test --format junit --out hindstep.xml      for CI; see docs/ci.md',
    'hindstep test tests --trace new-run.trace.json',
    '',
    'The test beside each fixture runs where it was proved, with node:test, vitest, jest or pytest.',
    'Exit code: 0 all hold, 1 a regression, 2 something could not be judged.',
  ],
  run: async (args, output) => {
    const timeout = Number(args.text('timeout') ?? TIMEOUT);
    if (!(timeout > 0)) return refuse(output, `--timeout takes seconds, and "${args.text('timeout')}" are none.`);
    const format = args.text('format');
    if (format !== undefined && !RESULT_WRITERS.some(({ id }) => id === format)) {
      return refuse(output, `--format names the format to write: ${FORMATS}.`);
    }
    const out = args.text('out');
    if (out !== undefined && format === undefined) return refuse(output, `--out needs --format: ${FORMATS}.`);
    if (out !== undefined) await refuseExisting(out, args.flag('overwrite'));
    if (format !== undefined && args.flag('watch')) return refuse(output, '--watch writes no file.');
    if (!args.flag('watch')) return once(args, output, timeout);
    for (;;) {
      // What changes while the tests run counts: it is watched from here.
      const changed = untilChange(await sourceFolders(process.cwd()), output.signal);
      const code = await once(args, output, timeout);
      if (output.signal.aborted) return code;
      output.error('Waiting for changes; Ctrl+C ends.');
      await changed;
      if (output.signal.aborted) return code;
    }
  },
};

/** Runs what is asked for once, tells of it and writes the file. */
async function once(args: Arguments, output: Output, timeout: number): Promise<ExitCode> {
  const root = process.cwd();
  const chosen = await choose(args, root);
  if (!chosen.ok) return refuse(output, chosen.error);
  const file = args.text('out');
  const writer = RESULT_WRITERS.find(({ id }) => id === args.text('format'));
  // A file on standard output stands alone there.
  const say = writer !== undefined && file === undefined ? output.error : output.out;
  const tell = (run: FixtureRun) => {
    if (args.json) say(JSON.stringify(resultJson(run)));
    else for (const line of linesOf(run)) say(line);
  };
  const runs = await run(chosen.value, args, { root, timeout, output, tell });
  const missing = chosen.value.length - runs.length;
  if (missing > 0) output.error(`Stopped; ${plural(missing, 'fixture')} not judged.`);
  if (args.text('trace') === undefined) await keepFailed(root, await failedNow(runs, root));
  if (!args.json) say(summary(runs));
  if (writer !== undefined) {
    const text = writer.write(await withoutSecrets(runs), packageJson.version);
    if (file === undefined) output.out(text.trimEnd());
    else await writeWhole(file, [text], { overwrite: args.flag('overwrite') });
  }
  const counts = countOutcomes(runs);
  return missing > 0 || counts.unjudged > 0 ? 2 : counts.regression > 0 ? 1 : 0;
}

/** The fixtures that the options ask for; the error says why there is none. */
async function choose(args: Arguments, root: string): Promise<Result<string[]>> {
  const found = await findFixtures(args.files.length === 0 ? ['.'] : args.files);
  if (!found.ok) return found;
  if (found.value.length === 0) return err('There is no *.fixture.json here; hindstep fixture makes one.');
  const wanted = args.text('filter')?.toLowerCase();
  const fixtures: string[] = [];
  for (const file of found.value) {
    if (wanted === undefined || (await namesOf(file, root)).includes(wanted)) fixtures.push(file);
  }
  if (fixtures.length === 0) return err(`No fixture has "${args.text('filter')}" in its title or path.`);
  if (!args.flag('rerun-failed')) return ok(fixtures);
  const failed = await lastFailed(root);
  if (failed === undefined) return err('Nothing is known of a last time here; run hindstep test first.');
  return ok(fixtures.filter((file) => failed.includes(file)));
}

/** What a filter looks into, in small letters. */
async function namesOf(file: string, root: string): Promise<string> {
  const title = await titleOf(file);
  return `${shownPath(file, root)}\n${title ?? ''}`.toLowerCase();
}

interface RunHow {
  readonly root: string;
  readonly timeout: number;
  readonly output: Output;
  readonly tell: (run: FixtureRun) => void;
}

async function run(fixtures: readonly string[], args: Arguments, how: RunHow): Promise<readonly FixtureRun[]> {
  const { root, timeout, output, tell } = how;
  const trace = args.text('trace');
  if (trace === undefined) {
    const [cli] = process.argv.slice(1);
    return runFixtures(fixtures, {
      root,
      timeout: timeout * 1000,
      signal: output.signal,
      ...(cli !== undefined && { cli }),
      onResult: tell,
    });
  }
  const runs: FixtureRun[] = [];
  for (const fixture of fixtures) {
    if (output.signal.aborted) break;
    const judged = await judgeTrace(fixture, resolve(trace), root, output.signal);
    tell(judged);
    runs.push(judged);
  }
  return runs;
}

const MARK: Record<FixtureResult['outcome'], string> = { held: '✓', regression: '✗', unjudged: '?' };

function linesOf({ outcome, title, path, by, duration, problems, calls }: FixtureRun): string[] {
  const head = `${MARK[outcome]} ${title}  (${path}, ${by}, ${(duration / 1000).toFixed(1)} s)`;
  if (outcome === 'held') return [head];
  const difference = differenceText(calls);
  const legend = difference.some((line) => /^[-+]/.test(line)) ? ['    - expected, + what the agent did:'] : [];
  return [
    head,
    ...problems.map((problem) => `    ${problem}`),
    ...legend,
    ...(legend.length > 0 ? difference.map((line) => `      ${line}`) : []),
  ];
}

function summary(runs: readonly FixtureRun[]): string {
  const { held, regression, unjudged } = countOutcomes(runs);
  if (runs.length === 0) return 'Nothing to run: all held the last time.';
  return [
    `${held} held`,
    ...(regression > 0 ? [plural(regression, 'regression')] : []),
    ...(unjudged > 0 ? [`${unjudged} not judged`] : []),
  ].join(', ');
}

/** What does not hold now: of those that ran their outcome counts, of all others what was known before. */
async function failedNow(runs: readonly FixtureRun[], root: string): Promise<string[]> {
  const ran = new Set(runs.map(({ fixtureFile }) => fixtureFile));
  const before = ((await lastFailed(root)) ?? []).filter((file) => !ran.has(file));
  return [...before, ...runs.filter(({ outcome }) => outcome !== 'held').map(({ fixtureFile }) => fixtureFile)];
}

/** Results for a file that others read. An agent may have called its tools with what no fixture holds. */
async function withoutSecrets(runs: readonly FixtureRun[]): Promise<FixtureResult[]> {
  const results = runs.map(({ path, id, title, outcome, by, duration, problems, calls }): FixtureResult => {
    return { path, id, title, outcome, by, duration, problems, calls };
  });
  const { value } = await redact(JSON.parse(JSON.stringify(results)), secretlintDetector);
  return value as unknown as FixtureResult[];
}

function refuse(output: Output, sentence: string): ExitCode {
  output.error(sentence);
  return 2;
}
