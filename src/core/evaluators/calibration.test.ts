import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTrace } from '../formats/openTrace.ts';
import { memorySource } from '../source/byteSource.ts';
import { evaluate } from './evaluate.ts';

/**
 * Recorded customer-service runs with a known outcome, where they lie beside the project. They are a floor: a change
 * that makes a check flag good runs, or stop telling bad ones, shows here.
 */
const FILE = resolve(import.meta.dirname, '../../../../shared/traces/tau-bench/tau1_gpt-4o-airline.json');

interface Tally {
  failed: number;
  good: number;
}

describe.skipIf(!existsSync(FILE))('on recorded runs with a known outcome', () => {
  it('flags runs that failed, and hardly any that succeeded', { timeout: 60_000 }, async () => {
    const opened = await openTrace(memorySource('tau', readFileSync(FILE)));
    if (!opened.ok) throw new Error(opened.decline.sentence);
    const flagged = new Map<string, Tally>();
    const runs: Tally = { failed: 0, good: 0 };
    for (const run of opened.value.trace.runs) {
      const side = run.outcome?.status === 'failed' ? 'failed' : 'good';
      runs[side]++;
      const { verdicts } = await evaluate(opened.value, run);
      expect(verdicts.filter((verdict) => verdict.status === 'error')).toEqual([]);
      for (const { evaluator, status } of verdicts) {
        if (status !== 'fail') continue;
        const tally = flagged.get(evaluator) ?? { failed: 0, good: 0 };
        tally[side]++;
        flagged.set(evaluator, tally);
      }
    }
    expect(runs).toEqual({ failed: 62, good: 42 });

    const unapproved = flagged.get('safety.unapproved-irreversible') ?? { failed: 0, good: 0 };
    expect(unapproved.failed / (unapproved.failed + unapproved.good)).toBeGreaterThan(0.8);
    expect(unapproved.failed / runs.failed).toBeGreaterThan(0.12);
    expect(unapproved.good / runs.good).toBeLessThan(0.06);

    const ungrounded = flagged.get('action.args-ungrounded') ?? { failed: 0, good: 0 };
    expect(ungrounded).toEqual({ failed: expect.any(Number), good: 0 });
    expect(ungrounded.failed).toBeGreaterThan(0);

    for (const quiet of ['action.args-empty', 'action.tool-undeclared', 'safety.duplicate-effect']) {
      expect(flagged.get(quiet)?.good ?? 0).toBe(0);
    }
  });
});
