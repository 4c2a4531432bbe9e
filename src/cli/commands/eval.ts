import { MetricsObserver } from '../../core/cohort/runMetrics.ts';
import type { Verdict } from '../../core/evaluators/verdict.ts';
import type { Run } from '../../core/trace/model.ts';
import { type JudgeOptions, judgeRun } from '../../node/judgement/judgeRun.ts';
import type { ReferenceFile } from '../../node/judgement/referenceFile.ts';
import type { Command } from '../command.ts';
import { JUDGING_OPTIONS, judging } from '../judging.ts';
import { metricsLine } from '../metricsText.ts';
import { chosenRuns, eachFile } from '../openFiles.ts';
import { REFERENCE_OPTIONS, referenceOf } from '../referenceOptions.ts';
import { VERDICT_FILE_OPTIONS, writeVerdictFile } from '../verdictFile.ts';

export const evalCommand: Command = {
  name: 'eval',
  summary: 'Judges every run with the built-in evaluators and your own, and says at which step and why.',
  options: [
    { name: 'run', value: 'ID', words: 'only this run: its id, or its position from 0' },
    ...REFERENCE_OPTIONS,
    ...JUDGING_OPTIONS,
    ...VERDICT_FILE_OPTIONS,
  ],
  teaches: [
    'hindstep eval run.trace.json',
    'hindstep eval traces/*.trace.json --json',
    'hindstep eval run.trace.json --reference good.trace.json',
    'hindstep eval run.trace.json --evaluators evaluators',
    'hindstep eval run.trace.json --judge http://127.0.0.1:11434/v1 --judge-model NAME --judge-cache .judge',
    'hindstep eval traces/*.json --format sarif --out hindstep.sarif',
    '',
    'JSON: one run a line: {file, run, verdicts: [{evaluator, status, score, reason, findings}], rollUps: […], metrics: {…}}.',
    'status is pass, fail, warn, na or error; a finding has {step, pointer, message, evidence, confidence, severity}.',
    'metrics: what was counted in the run (actions, failed calls, repeats, latencies in ms, tokens, cost in USD); what is not',
    'recorded is absent.',
    'Exit code: 0 no verdict failed, 1 one did, 2 could not judge.',
  ],
  run: async (args, output) => {
    const references = await referenceOf(args, output.signal);
    try {
      if (args.text('format') !== undefined) {
        return await writeVerdictFile(args, output, async (file) => {
          const how = await judging(args, output, file.path);
          return async (run) => ({ ...how, ...(await compared(references, run)) });
        });
      }
      return await eachFile(args.files, output, async (file) => {
        let failed = false;
        const how = await judging(args, output, file.path);
        for (const run of chosenRuns(file, args.text('run'))) {
          const observer = new MetricsObserver(run, how.policy);
          const { verdicts, rollUps } = await judgeRun(file.trace, run, {
            ...how,
            ...(await compared(references, run)),
            watch: (step) => observer.step(step),
          });
          const metrics = observer.finish();
          failed ||= verdicts.some((verdict) => verdict.status === 'fail');
          if (args.json) output.out(JSON.stringify({ file: file.path, run: run.id, verdicts, rollUps, metrics }));
          else {
            output.out(`${file.path} · run ${run.id}`);
            output.out(`  ${metricsLine(metrics)}`);
            for (const verdict of [...rollUps, ...verdicts]) for (const text of lines(verdict)) output.out(`  ${text}`);
          }
        }
        return failed ? 1 : 0;
      });
    } finally {
      await references?.close();
    }
  },
};

/** What a run is compared with, when anything was given. Throws a sentence when it can't be. */
async function compared(references: ReferenceFile | undefined, run: Run): Promise<Pick<JudgeOptions, 'reference'>> {
  const reference = await references?.for(run);
  if (reference?.ok === false) throw new Error(reference.error);
  return reference === undefined ? {} : { reference: reference.value };
}

const MARK: Record<Verdict['status'], string> = { pass: '✓', fail: '✗', warn: '!', na: '·', error: 'E' };

function lines(verdict: Verdict): string[] {
  const score = verdict.score === null ? '' : ` ${verdict.score.toFixed(2)}`;
  const head = `${MARK[verdict.status]} ${verdict.evaluator}${score}: ${verdict.reason}`;
  return [head, ...verdict.findings.map((finding) => `    [${finding.step}] ${finding.message}`)];
}
