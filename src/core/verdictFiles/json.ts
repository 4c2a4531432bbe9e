import type { Json, JsonObject } from '../util/json.ts';
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

/** Our own format, with everything that is known of a verdict. Written by `docs/verdict-files.md`. */
export const jsonVerdicts: VerdictWriter = {
  id: 'json',
  title: 'Hindstep verdicts as JSON',
  extension: '.verdicts.json',
  write: ({ version, traces }: VerdictReport) => {
    const verdicts = traces.flatMap((trace) =>
      trace.runs.flatMap((run) => verdictsOf(run).map((verdict) => entry(trace, run, verdict))),
    );
    const runs = traces.flatMap((trace) =>
      trace.runs.map((run): Json => {
        const suspects = run.suspects.map(({ step, score, reason }) => ({ ...target(run, step), score, reason }));
        return {
          trace: trace.path,
          traceSha256: trace.sha256,
          runId: run.id,
          title: run.title,
          steps: run.stepCount,
          suspects,
        };
      }),
    );
    const document: Json = { schemaVersion: 1, generator: { name: 'Hindstep', version }, runs, verdicts };
    return `${JSON.stringify(document, undefined, 2)}\n`;
  },
};

function entry(trace: JudgedTrace, run: JudgedRun, verdict: JudgedVerdict): JsonObject {
  const { evaluator, title, status, score, reason, fingerprint, judge } = verdict;
  const first = gravest(verdict);
  return {
    evaluatorId: evaluator,
    ...(title !== undefined && { evaluatorTitle: title }),
    trace: trace.path,
    traceSha256: trace.sha256,
    runId: run.id,
    level: first === undefined ? 'run' : 'step',
    targetStepId: first === undefined ? null : (run.steps.get(first.step)?.id ?? null),
    status,
    ...(status === 'na' && { naReason: reason }),
    score,
    severity: first?.severity ?? null,
    reason,
    confidence: first?.confidence ?? null,
    source: judge === undefined ? 'code' : 'llm',
    ...(judge !== undefined && { judge: { ...judge, params: { ...judge.params } } }),
    fingerprint,
    findings: verdict.findings.map((finding) => findingEntry(run, finding)),
  };
}

function findingEntry(run: JudgedRun, finding: JudgedFinding): JsonObject {
  const { step, pointer, message, severity, confidence, expected, actual, evidence, fingerprint, region } = finding;
  return {
    ...target(run, step),
    pointer,
    message,
    severity,
    confidence,
    ...(expected !== undefined && { expected }),
    ...(actual !== undefined && { actual }),
    evidence: evidence.map((place) => ({
      ...target(run, place.step),
      ...(place.pointer !== undefined && { pointer: place.pointer }),
      ...(place.quote !== undefined && { quote: place.quote }),
    })),
    fingerprint,
    ...(region !== undefined && { region: { ...region } }),
  };
}

/** A step by its position (from 0) and by the trace's own id of it. */
function target(run: JudgedRun, step: number): { step: number; stepId: string | null } {
  return { step, stepId: run.steps.get(step)?.id ?? null };
}
