import type { Finding, StepPlace } from '../evaluators/verdict.ts';
import type { Redactor } from '../redact/redact.ts';
import type { JudgedFinding, JudgedRun, JudgedTrace, JudgedVerdict, NamedStep, VerdictReport } from './report.ts';

/** Every text of a report that comes from a trace, for a redactor to learn from. */
export function textsOf(trace: JudgedTrace): string[] {
  const texts: string[] = [];
  mapTrace(trace, (text) => {
    texts.push(text);
    return text;
  });
  return texts;
}

/** The report with placeholders for all secrets that the redactor knows. */
export function withoutSecrets(report: VerdictReport, redactor: Redactor): VerdictReport {
  const known = new Map<string, string>();
  const clean = (text: string): string => {
    const made = known.get(text) ?? redactor.apply(text).value;
    known.set(text, made);
    return made;
  };
  return { ...report, traces: report.traces.map((trace) => mapTrace(trace, clean)) };
}

type Change = (text: string) => string;

function mapTrace(trace: JudgedTrace, change: Change): JudgedTrace {
  return { ...trace, path: change(trace.path), runs: trace.runs.map((run) => mapRun(run, change)) };
}

function mapRun(run: JudgedRun, change: Change): JudgedRun {
  return {
    ...run,
    id: change(run.id),
    title: change(run.title),
    verdicts: run.verdicts.map((verdict) => mapVerdict(verdict, change)),
    rollUps: run.rollUps.map((verdict) => mapVerdict(verdict, change)),
    suspects: run.suspects.map((suspect) => ({ ...suspect, reason: change(suspect.reason) })),
    steps: new Map([...run.steps].map(([index, step]) => [index, mapStep(step, change)])),
  };
}

function mapStep(step: NamedStep, change: Change): NamedStep {
  return { ...step, id: change(step.id), words: change(step.words) };
}

function mapVerdict(verdict: JudgedVerdict, change: Change): JudgedVerdict {
  return {
    ...verdict,
    ...(verdict.title !== undefined && { title: change(verdict.title) }),
    ...(verdict.summary !== undefined && { summary: change(verdict.summary) }),
    reason: change(verdict.reason),
    findings: verdict.findings.map((finding): JudgedFinding => ({ ...finding, ...mapFinding(finding, change) })),
  };
}

function mapFinding({ pointer, message, expected, actual, evidence }: Finding, change: Change) {
  return {
    pointer: change(pointer),
    message: change(message),
    ...(expected !== undefined && { expected: change(expected) }),
    ...(actual !== undefined && { actual: change(actual) }),
    evidence: evidence.map(
      (place): StepPlace => ({
        ...place,
        ...(place.pointer !== undefined && { pointer: change(place.pointer) }),
        ...(place.quote !== undefined && { quote: change(place.quote) }),
      }),
    ),
  };
}
