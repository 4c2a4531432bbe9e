import type { Finding, StepPlace, Suspect, Verdict, VerdictStatus } from '../evaluators/verdict.ts';
import type { TextRange } from '../source/positions.ts';
import type { StepKind } from '../trace/model.ts';

/** What verdict files are written from: judged runs as plain data, without secrets. */
export interface VerdictReport {
  /** The version of Hindstep that judged. */
  readonly version: string;
  /** What paths of trace files are relative to, as a URL that ends with `/`, where that is known. */
  readonly linkBase?: string;
  readonly traces: readonly JudgedTrace[];
}

export interface JudgedTrace {
  /** The trace file as links name it: relative, with `/`. */
  readonly path: string;
  /** SHA-256 of the file's bytes, 64 hexadecimal digits. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  readonly format: string;
  readonly runs: readonly JudgedRun[];
}

export interface JudgedRun {
  readonly id: string;
  readonly title: string;
  readonly stepCount: number;
  readonly verdicts: readonly JudgedVerdict[];
  /** TaskCompletion, ToolSelectionAccuracy, ActionSafety. */
  readonly rollUps: readonly JudgedVerdict[];
  /** Most suspect first. */
  readonly suspects: readonly Suspect[];
  /** The steps that verdicts name, and those that led to them, by index. */
  readonly steps: ReadonlyMap<number, NamedStep>;
}

export interface JudgedVerdict extends Omit<Verdict, 'findings'> {
  readonly findings: readonly JudgedFinding[];
  readonly fingerprint: string;
}

export interface JudgedFinding extends Finding {
  /**
   * 64 hexadecimal digits that stay the same when the run is recorded again with other steps before: of the evaluator,
   * the call that it points at, and which of several equal ones it is.
   */
  readonly fingerprint: string;
  /** Where the value, or else the step, stands in the trace file; absent in a joined file. */
  readonly region?: TextRange;
}

export interface NamedStep {
  readonly index: number;
  readonly id: string;
  readonly kind: StepKind;
  readonly depth: number;
  /** Tools and a preview, in one line. */
  readonly words: string;
  /** ms since the Unix epoch. */
  readonly startTime?: number;
  readonly region?: TextRange;
}

/** Writes a report in one format. */
export interface VerdictWriter {
  /** As on the command line: `sarif`. */
  readonly id: string;
  readonly title: string;
  /** Ending of the file's name, with its dot. */
  readonly extension: string;
  write(report: VerdictReport): string;
}

/** All verdicts of a run in the order of reading: roll-ups first. */
export function verdictsOf(run: JudgedRun): readonly JudgedVerdict[] {
  return [...run.rollUps, ...run.verdicts];
}

const GRAVITY: Readonly<Record<Finding['severity'], number>> = { error: 2, warning: 1, information: 0 };

/** The gravest finding of a verdict, the first of equals. */
export function gravest(verdict: JudgedVerdict): JudgedFinding | undefined {
  return [...verdict.findings].sort((a, b) => GRAVITY[b.severity] - GRAVITY[a.severity])[0];
}

/** How many verdicts of a report have each status, roll-ups not counted. */
export function countByStatus(runs: readonly JudgedRun[]): Record<VerdictStatus, number> {
  const counts = { pass: 0, fail: 0, warn: 0, na: 0, error: 0 };
  for (const run of runs) for (const { status } of run.verdicts) counts[status]++;
  return counts;
}

/** Every step that a finding names: its own, and those of its evidence. */
export function placesOf(finding: Finding): readonly StepPlace[] {
  return [{ step: finding.step, pointer: finding.pointer }, ...finding.evidence];
}

/** The report without verdicts that passed or had nothing to judge by; for readers that take every result for a fault. */
export function onlyFaults(report: VerdictReport): VerdictReport {
  const faults = (verdicts: readonly JudgedVerdict[]) =>
    verdicts.filter(({ status }) => status === 'fail' || status === 'warn' || status === 'error');
  const traces = report.traces.map((trace) => ({
    ...trace,
    runs: trace.runs.map((run) => ({ ...run, verdicts: faults(run.verdicts), rollUps: faults(run.rollUps) })),
  }));
  return { ...report, traces };
}
