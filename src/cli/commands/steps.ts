import type { StepRow } from '../../core/trace/model.ts';
import type { Command } from '../command.ts';
import { chosenRuns, eachFile } from '../openFiles.ts';
import { oneLine } from '../text.ts';

export const steps: Command = {
  name: 'steps',
  summary: 'The steps of a run, one a line, with thought, actions and observations in JSON.',
  options: [{ name: 'run', value: 'ID', words: 'only this run: its id, or its position from 0' }],
  teaches: [
    'hindstep steps run.trace.json',
    'hindstep steps run.trace.json --json | jq \'select(.status == "error")\'',
    '',
    'JSON: one step a line: {file, run, index, kind, tools, thought, message, actions, parts, …}; `index` counts from 0',
    'and is what --step takes; `parts` are the byte ranges of the step in the file.',
  ],
  run: (args, output) =>
    eachFile(args.files, output, async (file) => {
      for (const run of chosenRuns(file, args.text('run'))) {
        if (!args.json) {
          output.out(`${file.path} · run ${run.id}`);
          for (const row of run.steps) output.out(`  ${line(row)}`);
          continue;
        }
        for await (const step of file.trace.steps(run, 0, run.steps.length, output.signal)) {
          output.out(JSON.stringify({ file: file.path, run: run.id, ...step }));
        }
      }
      return 0;
    }),
};

const MARK: Record<StepRow['status'], string> = { ok: ' ', error: '✗', 'suspect-error': '?', unknown: ' ' };

function line(row: StepRow): string {
  const what = row.tools.length > 0 ? row.tools.join(', ') : row.kind;
  const indent = '  '.repeat(row.depth);
  return `${String(row.index).padStart(4)} ${MARK[row.status]} ${indent}${what.padEnd(18)} ${oneLine(row.preview, 90)}`;
}
