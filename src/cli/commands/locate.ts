import { judgeRun } from '../../node/judgement/judgeRun.ts';
import type { Command } from '../command.ts';
import { JUDGING_OPTIONS, judging } from '../judging.ts';
import { chosenRuns, eachFile } from '../openFiles.ts';

export const locate: Command = {
  name: 'locate',
  summary: 'The steps where each run most likely went wrong, most suspect first.',
  options: [{ name: 'run', value: 'ID', words: 'only this run: its id, or its position from 0' }, ...JUDGING_OPTIONS],
  teaches: [
    'hindstep locate run.trace.json',
    'hindstep locate run.trace.json --json',
    '',
    'JSON: one run a line: {file, run, risk, suspects: [{step, score, reason, evaluators}]}; `step` counts from 0.',
    'Of several runs of one kind look at the one with the highest risk first; it is in [0, 1) and no probability.',
    'No suspects means that nothing was found, not that the run is right.',
    'Exit code: 0 searched, 2 could not judge.',
  ],
  run: (args, output) =>
    eachFile(args.files, output, async (file) => {
      const how = await judging(args, output, file.path);
      for (const run of chosenRuns(file, args.text('run'))) {
        const { suspects: found, risk } = await judgeRun(file.trace, run, how);
        if (args.json)
          output.out(
            JSON.stringify({ file: file.path, run: run.id, risk: Math.round(risk * 1000) / 1000, suspects: found }),
          );
        else {
          output.out(`${file.path} · run ${run.id}${found.length === 0 ? ': no suspect' : ''}`);
          for (const suspect of found) {
            output.out(
              `  [${suspect.step}] ${suspect.score.toFixed(2)} ${suspect.reason} (${suspect.evaluators.join(', ')})`,
            );
          }
        }
      }
      return 0;
    }),
};
