import { compareRuns } from '../../core/compare/compareRuns.ts';
import type { Run } from '../../core/trace/model.ts';
import type { Command, Output } from '../command.ts';
import { comparedJson, comparedLines } from '../comparedText.ts';
import { chosenRuns, eachFile, type OpenedFile } from '../openFiles.ts';

export const diff: Command = {
  name: 'diff',
  summary: 'Lays two runs side by side, call by call, and shows where they part.',
  options: [
    {
      name: 'run',
      value: 'ID',
      words: 'the run of the first file: its id, or its position from 0 (default: the first)',
    },
    { name: 'other-run', value: 'ID', words: 'the run of the second file (default: the first)' },
  ],
  teaches: [
    'hindstep diff failed.trace.json good.trace.json',
    'hindstep diff runs.jsonl runs.jsonl --run 0 --other-run 1 --json',
    '',
    '= the same call, ≠ another one in its place, < only in the first, > only in the second; → is where they part first.',
    'A number in brackets is a step as --step counts it. Times, ids of requests and the like differ from nothing.',
    'JSON: {files, runs, aligned: [{kind, left: {step, action, tool}, right, differences}], firstDivergence, finalTexts}.',
    'Exit code: 0 the same calls, 1 they part, 2 could not judge.',
  ],
  run: (args, output) => {
    const [one, other, ...more] = args.files;
    if (one === undefined || other === undefined || more.length > 0) {
      output.error('Name two files.');
      return Promise.resolve(2);
    }
    return eachFile([one], output, (left) =>
      eachFile([other], output, async (right) => {
        const runs = [
          firstRun(left, args.text('run'), output),
          firstRun(right, args.text('other-run'), output),
        ] as const;
        const [leftRun, rightRun] = runs;
        if (leftRun === undefined || rightRun === undefined) return 2;
        const compared = await compareRuns([left.trace, leftRun], [right.trace, rightRun], output.signal);
        if (args.json) {
          const names = { files: [one, other], runs: [leftRun.id, rightRun.id] };
          output.out(JSON.stringify({ ...names, ...comparedJson(compared) }));
        } else {
          output.out(`${one} · run ${leftRun.id} │ ${other} · run ${rightRun.id}`);
          for (const line of comparedLines(compared)) output.out(line);
          output.out(compared.first === undefined ? 'They make the same calls.' : 'They part at →.');
        }
        return compared.first === undefined ? 0 : 1;
      }),
    );
  },
};

function firstRun(file: OpenedFile, wanted: string | undefined, output: Output): Run | undefined {
  const [run] = chosenRuns(file, wanted);
  if (run === undefined) output.error(`${file.path}: there is no run in this file.`);
  return run;
}
