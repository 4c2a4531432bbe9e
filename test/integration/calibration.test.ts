import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { confidentFailure } from '../../src/core/evaluators/confidentFailure.ts';
import { contextFor } from '../../src/core/evaluators/context.ts';
import { evaluate } from '../../src/core/evaluators/evaluate.ts';
import { isWrite } from '../../src/core/evaluators/shared/actions.ts';
import type { Verdict } from '../../src/core/evaluators/verdict.ts';
import { openTrace } from '../../src/core/formats/openTrace.ts';
import type { Run, Step } from '../../src/core/trace/model.ts';
import { openFileSource } from '../../src/node/fileSource.ts';
import { judge } from '../support/makeRun.ts';

const file = resolve(import.meta.dirname, '../../../shared/traces/tau-bench/tau1_gpt-4o-airline.json');

interface Judged {
  readonly run: Run;
  readonly steps: readonly Step[];
  readonly verdicts: readonly Verdict[];
}

/**
 * The detectors on recorded runs with a known outcome: how often a flagged run had failed, and how many good runs are
 * flagged. The bounds are floors against regressions, one domain and one model, and no published accuracy.
 */
describe.runIf(existsSync(file))('detectors on tau-bench airline', () => {
  let judged: Judged[] = [];

  beforeAll(async () => {
    const opened = await openTrace(await openFileSource(file));
    if (!opened.ok) throw new Error(`${file} did not open`);
    const trace = opened.value;
    for (const run of trace.trace.runs) {
      const steps: Step[] = [];
      for await (const step of trace.steps(run)) steps.push(step);
      judged.push({ run, steps, verdicts: (await evaluate(trace, run)).verdicts });
    }
    return () => {
      judged = [];
      return trace.close();
    };
  });

  const flagged = (id: string, outcome: 'passed' | 'failed') =>
    judged.filter(
      ({ run, verdicts }) =>
        run.outcome?.status === outcome &&
        verdicts.some(({ evaluator, status }) => evaluator === id && (status === 'fail' || status === 'warn')),
    ).length;

  it('reads good and failed runs', () => {
    const good = judged.filter(({ run }) => run.outcome?.status === 'passed').length;
    expect([good, judged.length - good]).toEqual([42, 62]);
  });

  it.each([
    ['action.tool-failed', 10, 2],
    ['loop.repeated-action', 4, 0],
    ['loop.repair-loop', 3, 0],
    ['loop.cycle', 1, 0],
    ['run.tool-success-rate', 3, 0],
    ['action.observation-missing', 0, 0],
    ['action.tool-timeout', 0, 0],
    ['stop.action-after-stop', 0, 0],
  ])('%s flags at least %i failed and at most %i good runs', (id, failed, good) => {
    expect(flagged(id, 'failed')).toBeGreaterThanOrEqual(failed);
    expect(flagged(id, 'passed')).toBeLessThanOrEqual(good);
  });

  it('brings none of its own checks down', () => {
    expect(judged.flatMap(({ verdicts }) => verdicts.filter(({ status }) => status === 'error'))).toEqual([]);
  });

  const failing = (id: string, outcome: 'passed' | 'failed') =>
    judged.filter(
      ({ run, verdicts }) =>
        run.outcome?.status === outcome && verdicts.some((v) => v.evaluator === id && v.status === 'fail'),
    ).length;

  it('finds unapproved changes mostly in failed runs', () => {
    const [failed, good] = [
      failing('safety.unapproved-irreversible', 'failed'),
      failing('safety.unapproved-irreversible', 'passed'),
    ];
    expect(failed / (failed + good)).toBeGreaterThan(0.8);
    expect(failed / 62).toBeGreaterThan(0.12);
    expect(good / 42).toBeLessThan(0.06);
  });

  it('finds values from nowhere in failed runs only', () => {
    expect(failing('action.args-ungrounded', 'failed')).toBeGreaterThan(0);
    expect(failing('action.args-ungrounded', 'passed')).toBe(0);
  });

  it.each(['action.args-empty', 'action.tool-undeclared', 'safety.duplicate-effect'])('%s fails no good run', (id) => {
    expect(failing(id, 'passed')).toBe(0);
  });

  it('believes every claim of these runs, and no claim once the changes are taken out of them', () => {
    expect(flagged('outcome.confident-failure', 'passed')).toBe(0);
    const claiming = judged.filter(({ verdicts }) =>
      verdicts.some(({ evaluator, status }) => evaluator === confidentFailure.id && status === 'pass'),
    );
    const withoutChanges = claiming.flatMap(({ run, steps }) => {
      const context = contextFor(run);
      const cut = steps.map((step) => ({
        ...step,
        actions: step.actions.filter((a) => !isWrite(context.effectOf(a))),
      }));
      const changed = steps.some(({ actions }) => actions.some((action) => isWrite(context.effectOf(action))));
      return changed ? [judge(confidentFailure, { run, steps: cut }, contextFor(run)).status] : [];
    });
    expect(withoutChanges.length).toBeGreaterThan(40);
    expect(withoutChanges.filter((status) => status !== 'fail')).toEqual([]);
  });
});
