import type { Finding, Verdict } from '../../../src/core/evaluators/verdict.ts';
import type { Run } from '../../../src/core/trace/model.ts';
import { judgeRun } from '../../../src/node/judgement/judgeRun.ts';
import { must, type Target } from '../target.ts';

/** All evaluators and signals over whole runs, and the suspects that follow. */
export const evaluate: Target = {
  id: 'evaluators and suspects',
  needsTrace: true,
  attack: async ({ opened, runs }) => {
    if (opened === undefined) return;
    for (const run of runs) {
      const { verdicts, rollUps, suspects } = await judgeRun(opened, run);
      for (const verdict of [...verdicts, ...rollUps]) checkVerdict(verdict, run);
      let before = 1;
      for (const { step, score, reason } of suspects) {
        must(score >= 0 && score <= before, `a suspect's score is ${score} after ${before}`);
        must(run.steps.at(step) !== undefined && step >= 0 && reason !== '', `the suspect step ${step} is not there`);
        before = score;
      }
    }
  },
};

function checkVerdict({ evaluator, status, score, reason, findings }: Verdict, run: Run): void {
  must(status !== 'error', `${evaluator}: ${reason}`);
  must(score === null || (score >= 0 && score <= 1), `${evaluator}: its score is ${score}`);
  must(reason !== '', `${evaluator}: it gives no reason`);
  must(status !== 'na' || findings.length === 0, `${evaluator}: it does not apply and has ${findings.length} findings`);
  for (const finding of findings) checkFinding(evaluator, finding, run);
}

function checkFinding(evaluator: string, { step, message, evidence }: Finding, run: Run): void {
  for (const place of [step, ...evidence.map((one) => one.step)]) {
    must(place >= 0 && place < run.steps.length, `${evaluator}: it points at step ${place} of ${run.steps.length}`);
  }
  must(message !== '', `${evaluator}: a finding says nothing`);
  const longest = evidence.reduce((most, { quote }) => Math.max(most, quote?.length ?? 0), 0);
  must(longest <= 200, `${evaluator}: it quotes ${longest} characters`);
}
