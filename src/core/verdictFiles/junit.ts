import { type JunitCase, type JunitOutcome, junitXml } from './junitXml.ts';
import {
  gravest,
  type JudgedFinding,
  type JudgedRun,
  type JudgedTrace,
  type JudgedVerdict,
  type VerdictWriter,
  verdictsOf,
} from './report.ts';

/** A suite for every run, a case for every verdict: `na` is skipped, `warn` passes with its words as output. */
export const junitVerdicts: VerdictWriter = {
  id: 'junit',
  title: 'JUnit XML',
  extension: '.junit.xml',
  write: ({ traces }) =>
    junitXml(
      traces.flatMap((trace) =>
        trace.runs.map((run) => ({
          name: `${trace.path} · ${run.id}`,
          cases: verdictsOf(run).map((verdict) => caseOf(trace, run, verdict)),
        })),
      ),
    ),
};

function caseOf(trace: JudgedTrace, run: JudgedRun, verdict: JudgedVerdict): JunitCase {
  const line = gravest(verdict)?.region?.startLine;
  return {
    name: verdict.evaluator,
    className: `${trace.path}.${run.id}`,
    file: trace.path,
    ...(line !== undefined && { line }),
    outcome: outcomeOf(verdict),
    ...(verdict.status === 'warn' && { output: textOf(verdict) }),
  };
}

function outcomeOf(verdict: JudgedVerdict): JunitOutcome {
  const { status, reason, evaluator } = verdict;
  switch (status) {
    case 'pass':
    case 'warn':
      return { kind: 'passed' };
    case 'na':
      return { kind: 'skipped', message: reason };
    case 'fail':
      return { kind: 'failure', message: reason, type: evaluator, text: textOf(verdict) };
    case 'error':
      return { kind: 'error', message: reason, type: evaluator, text: reason };
  }
}

function textOf({ reason, findings }: JudgedVerdict): string {
  return [reason, ...findings.map(lineOf)].join('\n');
}

function lineOf({ step, message, expected, actual }: JudgedFinding): string {
  const difference =
    expected === undefined ? '' : `; expected ${expected}${actual === undefined ? '' : `, got ${actual}`}`;
  return `step ${step + 1}: ${message}${difference}`;
}
