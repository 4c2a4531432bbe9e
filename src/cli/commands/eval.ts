import type { Verdict } from '../../core/evaluators/verdict.ts';
import { judgeRun } from '../../node/judgement/judgeRun.ts';
import type { Command } from '../command.ts';
import { JUDGING_OPTIONS, judging } from '../judging.ts';
import { chosenRuns, eachFile } from '../openFiles.ts';
import { VERDICT_FILE_OPTIONS, writeVerdictFile } from '../verdictFile.ts';

export const evalCommand: Command = {
  name: 'eval',
  summary: 'Judges every run with the built-in evaluators and your own, and says at which step and why.',
  options: [
    { name: 'run', value: 'ID', words: 'only this run: its id, or its position from 0' },
    ...JUDGING_OPTIONS,
    ...VERDICT_FILE_OPTIONS,
  ],
  teaches: [
    'hindstep eval run.trace.json',
    'hindstep eval traces/*.trace.json --json',
    'hindstep eval run.trace.json --evaluators evaluators',
    'hindstep eval run.trace.json --judge http://127.0.0.1:11434/v1 --judge-model NAME --judge-cache .judge',
    'hindstep eval traces/*.json --format sarif --out hindstep.sarif',
    '',
    'JSON: one run a line: {file, run, verdicts: [{evaluator, status, score, reason, findings}], rollUps: […]}.',
    'status is pass, fail, warn, na or error; a finding has {step, pointer, message, evidence, confidence, severity}.',
    'Exit code: 0 no verdict failed, 1 one did, 2 could not judge.',
  ],
  run: async (args, output) => {
    if (args.text('format') !== undefined) {
      return writeVerdictFile(args, output, async (file) => {
        const how = await judging(args, output, file.path);
        return async () => how;
      });
    }
    return eachFile(args.files, output, async (file) => {
      let failed = false;
      const how = await judging(args, output, file.path);
      for (const run of chosenRuns(file, args.text('run'))) {
        const { verdicts, rollUps } = await judgeRun(file.trace, run, how);
        failed ||= verdicts.some((verdict) => verdict.status === 'fail');
        if (args.json) output.out(JSON.stringify({ file: file.path, run: run.id, verdicts, rollUps }));
        else {
          output.out(`${file.path} · run ${run.id}`);
          for (const verdict of [...rollUps, ...verdicts]) for (const text of lines(verdict)) output.out(`  ${text}`);
        }
      }
      return failed ? 1 : 0;
    });
  },
};

const MARK: Record<Verdict['status'], string> = { pass: '✓', fail: '✗', warn: '!', na: '·', error: 'E' };

function lines(verdict: Verdict): string[] {
  const score = verdict.score === null ? '' : ` ${verdict.score.toFixed(2)}`;
  const head = `${MARK[verdict.status]} ${verdict.evaluator}${score}: ${verdict.reason}`;
  return [head, ...verdict.findings.map((finding) => `    [${finding.step}] ${finding.message}`)];
}
