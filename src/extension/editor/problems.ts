import * as vscode from 'vscode';
import type { Evaluation, Finding, Severity } from '../../core/evaluators/verdict.ts';
import type { ByteRange, Problem } from '../../core/trace/model.ts';
import { narrow } from '../../core/trace/narrow.ts';
import { COMMANDS } from '../contributions.ts';
import type { Feature } from '../features.ts';
import { toRange } from './revealInJson.ts';
import type { TraceDocument } from './traceDocument.ts';

/** Records longer than this are pointed at as a whole. Characters. */
const LONGEST_SEARCHED = 200_000;

/** Findings, and what could not be read, in the Problems panel, at the bytes they point to, while the trace is open. */
export const problems: Feature = ({ views }) => {
  const collection = vscode.languages.createDiagnosticCollection('hindstep');
  const watch = (document: TraceDocument) => {
    const shown = new ShownProblems(document, collection);
    document.onDidReopen(() => shown.restart());
    document.onDidChange(({ answer }) => {
      // What is wrong with a file is known when it is read.
      if (answer.reading === undefined) shown.restart();
    });
    document.onDidVoidEvaluations(() => shown.restart());
    document.onDidEvaluate((evaluation) => shown.add(evaluation));
    document.onDidDispose(() => collection.delete(document.uri));
    shown.restart();
  };
  return [collection, views.onDidOpenDocument(watch)];
};

/** A diagnostic that waits for its lines and columns. */
interface Placed {
  readonly range: ByteRange;
  readonly at: (range: vscode.Range) => vscode.Diagnostic;
}

/** The diagnostics of one trace. Work on an older content of the file is dropped when the file is read again. */
class ShownProblems {
  private ofFile: readonly vscode.Diagnostic[] = [];
  private readonly ofRuns = new Map<string, readonly vscode.Diagnostic[]>();
  private version = 0;

  constructor(
    private readonly document: TraceDocument,
    private readonly collection: vscode.DiagnosticCollection,
  ) {}

  restart(): void {
    this.version++;
    this.ofRuns.clear();
    this.ofFile = [];
    this.show();
    const { answer } = this.document;
    const found = answer.status === 'opened' ? answer.summary.problems : [];
    void this.locate(found.flatMap(placeProblem), (diagnostics) => {
      this.ofFile = diagnostics;
    });
  }

  add(evaluation: Evaluation): void {
    void this.placeFindings(evaluation).then((placed) =>
      this.locate(placed, (diagnostics) => this.ofRuns.set(evaluation.run, diagnostics)),
    );
  }

  private async placeFindings({ run, verdicts }: Evaluation): Promise<Placed[]> {
    const placed: Placed[] = [];
    for (const { evaluator, status, findings } of verdicts) {
      if (status !== 'fail' && status !== 'warn') continue;
      for (const finding of findings) {
        const range = await this.rangeOf(run, finding);
        if (range?.source !== 0) continue;
        placed.push({ range, at: (lines) => this.diagnose(run, evaluator, finding, lines) });
      }
    }
    return placed;
  }

  /** The bytes of the value that a finding points to, or else of the step's record. They are counted, not shown. */
  private async rangeOf(run: string, { step, pointer }: Finding): Promise<ByteRange | undefined> {
    const records = await this.document.service.raw({ run, step, cutAt: LONGEST_SEARCHED, showSecrets: true });
    for (const record of records) {
      const found = record.length > LONGEST_SEARCHED ? undefined : narrow(record.text, pointer);
      if (found === undefined) continue;
      return { ...record.range, start: record.range.start + found.start, end: record.range.start + found.end };
    }
    return records[0]?.range;
  }

  private diagnose(run: string, evaluator: string, finding: Finding, range: vscode.Range): vscode.Diagnostic {
    const diagnostic = new vscode.Diagnostic(
      range,
      `${finding.message} (step ${finding.step + 1})`,
      SEVERITIES[finding.severity],
    );
    diagnostic.source = 'Hindstep';
    const place = encodeURIComponent(JSON.stringify([this.document.uri.toString(), run, finding.step]));
    diagnostic.code = { value: evaluator, target: vscode.Uri.parse(`command:${COMMANDS.goTo}?${place}`) };
    return diagnostic;
  }

  /** Finds lines and columns, hands the diagnostics to `keep`, and shows all. */
  private async locate(placed: readonly Placed[], keep: (diagnostics: vscode.Diagnostic[]) => void): Promise<void> {
    const { version } = this;
    const ranges = placed.map(({ range }) => range);
    const lines = ranges.length === 0 ? [] : await this.document.service.positions({ ranges });
    if (version !== this.version) return;
    keep(
      placed.flatMap(({ at }, i) => {
        const line = lines[i];
        return line === undefined ? [] : [at(toRange(line))];
      }),
    );
    this.show();
  }

  private show(): void {
    this.collection.set(this.document.uri, [...this.ofFile, ...[...this.ofRuns.values()].flat()]);
  }
}

const SEVERITIES: Record<Severity | Problem['severity'], vscode.DiagnosticSeverity> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  note: vscode.DiagnosticSeverity.Information,
};

function placeProblem({ range, message, severity }: Problem): Placed[] {
  if (range !== undefined && range.source !== 0) return [];
  const at = (lines: vscode.Range) => {
    const diagnostic = new vscode.Diagnostic(lines, message, SEVERITIES[severity]);
    diagnostic.source = 'Hindstep';
    return diagnostic;
  };
  return [{ range: range ?? { source: 0, start: 0, end: 0 }, at }];
}
