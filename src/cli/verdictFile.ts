import packageJson from '../../package.json' with { type: 'json' };
import type { Run } from '../core/trace/model.ts';
import { onlyFaults } from '../core/verdictFiles/report.ts';
import { VERDICT_WRITERS } from '../core/verdictFiles/writers.ts';
import { type JudgeOptions, judgeRun } from '../node/judgement/judgeRun.ts';
import { VerdictCollection } from '../node/verdictFiles/collectVerdicts.ts';
import { refuseExisting, writeWhole } from '../node/writeWhole.ts';
import type { Arguments, ExitCode, Option, Output } from './command.ts';
import { chosenRuns, eachFile, type OpenedFile } from './openFiles.ts';

const FORMATS = VERDICT_WRITERS.map(({ id }) => id).join(', ');

/** How verdicts are written to a file instead of the terminal. */
export const VERDICT_FILE_OPTIONS: readonly Option[] = [
  { name: 'format', value: 'FORMAT', words: `one verdict file, without secrets: ${FORMATS}` },
  { name: 'out', value: 'FILE', words: 'where to write it (default: standard output)' },
  { name: 'only-faults', words: 'leave out what passed or had nothing to judge by' },
  { name: 'overwrite', words: 'replace FILE if it is there' },
];

/** Judges runs of all files as `howOf` says and writes their verdicts, without secrets, to one file. */
export async function writeVerdictFile(
  args: Arguments,
  output: Output,
  howOf: (file: OpenedFile) => Promise<(run: Run) => Promise<JudgeOptions>>,
): Promise<ExitCode> {
  const [format, out, overwrite] = [args.text('format'), args.text('out'), args.flag('overwrite')];
  const writer = VERDICT_WRITERS.find(({ id }) => id === format);
  if (writer === undefined) {
    output.error(`--format names the format to write: ${FORMATS}.`);
    return 2;
  }
  if (out !== undefined) await refuseExisting(out, overwrite);
  const collection = new VerdictCollection(process.cwd());
  const worst = await eachFile(args.files, output, async (file) => {
    const how = await howOf(file);
    const { failed } = await collection.add(file, chosenRuns(file, args.text('run')), async (trace, run) =>
      judgeRun(trace, run, await how(run)),
    );
    return failed ? 1 : 0;
  });
  if (collection.isEmpty) return worst;
  const report = collection.report(packageJson.version, linkBaseOf(process.env));
  const text = writer.write(args.flag('only-faults') ? onlyFaults(report) : report);
  if (out === undefined) output.out(text.trimEnd());
  else {
    await writeWhole(out, [text], { overwrite, signal: output.signal });
    output.out(args.json ? JSON.stringify({ out }) : `${out} was written.`);
  }
  return worst;
}

/** Where links to files of the commit begin, in a GitHub workflow. */
function linkBaseOf(env: NodeJS.ProcessEnv): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_SHA: commit } = env;
  if (server === undefined || repository === undefined || commit === undefined) return undefined;
  return `${server}/${repository}/blob/${commit}/`;
}
