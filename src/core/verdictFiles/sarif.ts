import { EVALUATORS } from '../evaluators/registry.ts';
import type { Severity } from '../evaluators/verdict.ts';
import {
  gravest,
  type JudgedFinding,
  type JudgedRun,
  type JudgedTrace,
  type JudgedVerdict,
  type VerdictReport,
  type VerdictWriter,
  verdictsOf,
} from './report.ts';
import { type SarifLevel, type SarifPlace, type SarifResult, type SarifRule, sarifText } from './sarifLog.ts';

/** SARIF 2.1.0 for code scanning and SARIF viewers: a result for every finding, and for every verdict without one. */
export const sarifVerdicts: VerdictWriter = {
  id: 'sarif',
  title: 'SARIF 2.1.0',
  extension: '.sarif',
  write: (report: VerdictReport) =>
    sarifText({
      version: report.version,
      rules: rulesOf(report),
      artifacts: report.traces.map(({ path, sha256, size }) => ({ path, sha256, size })),
      results: report.traces.flatMap((trace) => trace.runs.flatMap((run) => resultsOf(trace, run))),
      failures: report.traces.flatMap(({ runs }) =>
        runs.flatMap((run) =>
          verdictsOf(run)
            .filter(({ status }) => status === 'error')
            .map(({ evaluator, reason }) => ({ rule: evaluator, message: reason })),
        ),
      ),
    }),
};

const LEVELS: Readonly<Record<Severity, SarifLevel>> = { error: 'error', warning: 'warning', information: 'note' };
/** Steps before the one at fault that a flow begins with. */
const LEADING = 5;

/** The evaluators that said something, with what the registry knows of them. */
function rulesOf({ traces }: VerdictReport): SarifRule[] {
  const builtIn = new Map(EVALUATORS.map((evaluator) => [evaluator.id, evaluator]));
  const rules = new Map<string, SarifRule>();
  for (const verdict of traces.flatMap(({ runs }) => runs.flatMap(verdictsOf))) {
    const known = builtIn.get(verdict.evaluator);
    const description = known?.definition ?? verdict.summary;
    rules.set(verdict.evaluator, {
      id: verdict.evaluator,
      title: known?.title ?? verdict.title ?? verdict.evaluator,
      ...(description !== undefined && { description }),
      level: known === undefined ? 'error' : LEVELS[known.severity],
    });
  }
  return [...rules.values()];
}

function resultsOf(trace: JudgedTrace, run: JudgedRun): SarifResult[] {
  const said = new Set(
    run.verdicts.flatMap(({ findings }) => findings.map(({ step, message }) => `${step} ${message}`)),
  );
  return [
    ...run.verdicts.flatMap((verdict) => verdictResults(trace, run, verdict)),
    ...run.rollUps.flatMap((rollUp) => {
      // What an evaluator said already is not said again in the name of a roll-up.
      const findings = rollUp.findings.filter(({ step, message }) => !said.has(`${step} ${message}`));
      const repeats = findings.length === 0 && rollUp.findings.length > 0;
      return repeats
        ? [resultOf(trace, run, rollUp, 'informational', 'none')]
        : verdictResults(trace, run, { ...rollUp, findings });
    }),
  ];
}

function verdictResults(trace: JudgedTrace, run: JudgedRun, verdict: JudgedVerdict): SarifResult[] {
  switch (verdict.status) {
    case 'na':
      return [resultOf(trace, run, verdict, 'notApplicable', 'none')];
    case 'error':
      return [];
    case 'pass':
      return [
        resultOf(trace, run, verdict, 'pass', 'none'),
        ...verdict.findings.map((finding) => findingResult(trace, run, verdict, finding, 'informational', 'none')),
      ];
    case 'fail':
    case 'warn':
      if (gravest(verdict) === undefined) {
        return [resultOf(trace, run, verdict, 'fail', verdict.status === 'fail' ? 'error' : 'warning')];
      }
      return verdict.findings.map((finding) =>
        findingResult(trace, run, verdict, finding, 'fail', LEVELS[finding.severity]),
      );
  }
}

/** A verdict on the run as a whole. */
function resultOf(
  trace: JudgedTrace,
  run: JudgedRun,
  { evaluator, reason, score, fingerprint }: JudgedVerdict,
  kind: SarifResult['kind'],
  level: SarifLevel,
): SarifResult {
  return {
    rule: evaluator,
    kind,
    level,
    message: reason,
    place: { path: trace.path, logicalName: run.id },
    related: [],
    flow: [],
    fingerprint,
    properties: { run: run.id, score },
  };
}

function findingResult(
  trace: JudgedTrace,
  run: JudgedRun,
  { evaluator, score }: JudgedVerdict,
  finding: JudgedFinding,
  kind: SarifResult['kind'],
  level: SarifLevel,
): SarifResult {
  const { step, pointer, message, confidence, evidence, fingerprint, region } = finding;
  const others = evidence.filter((place) => place.step !== step || place.pointer !== pointer);
  return {
    rule: evaluator,
    kind,
    level,
    message: `${message} (step ${step + 1})`,
    place: { ...placeOf(trace, run, step), ...(region !== undefined && { region }) },
    related: others.map((place) => ({
      ...placeOf(trace, run, place.step),
      message: place.quote === undefined ? `step ${place.step + 1}` : `step ${place.step + 1}: ${place.quote}`,
    })),
    flow: kind === 'fail' ? flowTo(trace, run, finding) : [],
    fingerprint,
    properties: { run: run.id, step, pointer, confidence, score },
  };
}

/** How the run came to a finding: its evidence, the last steps before it, and the step itself. */
function flowTo(trace: JudgedTrace, run: JudgedRun, { step, evidence, message }: JudgedFinding): SarifResult['flow'] {
  const cited = new Set(evidence.map((place) => place.step));
  const before = [...run.steps.values()].filter(
    ({ index }) => index < step && (cited.has(index) || index >= step - LEADING),
  );
  const steps = [...before.sort((a, b) => a.index - b.index), run.steps.get(step)];
  return steps.flatMap((one) => {
    if (one === undefined) return [];
    const importance = one.index === step || cited.has(one.index) ? ('essential' as const) : ('unimportant' as const);
    const words = one.index === step ? message : one.words || one.kind;
    const said = { ...placeOf(trace, run, one.index), message: `step ${one.index + 1}: ${words}` };
    return [{ ...said, order: one.index + 1, nesting: one.depth, importance }];
  });
}

function placeOf(trace: JudgedTrace, run: JudgedRun, step: number): SarifPlace {
  const region = run.steps.get(step)?.region;
  return { path: trace.path, ...(region !== undefined && { region }), logicalName: `${run.id}/step ${step + 1}` };
}
