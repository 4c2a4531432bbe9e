import type { Finding, Suspect, Verdict } from '../evaluators/verdict.ts';
import type { OpenTrace } from '../formats/openTrace.ts';
import type { Redactor } from '../redact/redact.ts';
import type { ByteSource } from '../source/byteSource.ts';
import { positionsOf, type TextRange } from '../source/positions.ts';
import type { Action, ByteRange, Run, Step, StepRow } from '../trace/model.ts';
import { narrow } from '../trace/narrow.ts';
import { canonicalJson, sha256Hex } from '../util/canonical.ts';
import type { Json } from '../util/json.ts';
import {
  type JudgedFinding,
  type JudgedRun,
  type JudgedTrace,
  type JudgedVerdict,
  type NamedStep,
  placesOf,
} from './report.ts';

/** A run and what was judged of it. */
export interface Judged {
  readonly run: Run;
  readonly verdicts: readonly Verdict[];
  readonly rollUps: readonly Verdict[];
  readonly suspects: readonly Suspect[];
}

export interface JudgedFile {
  readonly path: string;
  readonly sha256: string;
  readonly trace: OpenTrace;
  /** The file as it stands on disk. */
  readonly source: ByteSource;
}

/** Steps before a failing one that show how it came to it. */
const LEADING = 5;
/** Records longer than this are pointed at as a whole. Bytes. */
const LONGEST_SEARCHED = 200_000;

/**
 * What verdict files say of one trace: its verdicts with places in the file's lines and fingerprints. `redactor` knows
 * the secrets of the trace already; fingerprints hold none of them. Texts are not redacted here (see withoutSecrets.ts).
 */
export async function judgedTrace(
  file: JudgedFile,
  judged: readonly Judged[],
  redactor: Redactor,
): Promise<JudgedTrace> {
  const { trace } = file;
  const places = new Places(trace);
  const runs: (() => JudgedRun)[] = [];
  for (const one of judged) runs.push(await judgedRun(one, trace, places, redactor));
  await places.locate(file.source);
  return {
    path: file.path,
    sha256: file.sha256,
    size: file.source.size,
    format: trace.trace.format,
    runs: runs.map((make) => make()),
  };
}

/** Everything of a run but lines and columns, which are known for all runs at once. */
async function judgedRun(
  { run, verdicts, rollUps, suspects }: Judged,
  trace: OpenTrace,
  places: Places,
  redactor: Redactor,
) {
  const all = [...rollUps, ...verdicts];
  const findings = all.flatMap((verdict) => verdict.findings).filter(({ step }) => run.steps.at(step) !== undefined);
  const named = new Set(findings.flatMap((finding) => placesOf(finding).map(({ step }) => step)));
  for (const { step } of findings) for (let i = Math.max(0, step - LEADING); i < step; i++) named.add(i);
  for (const { step } of suspects) named.add(step);
  // What is said of the run as a whole points at its beginning.
  named.add(0);
  const rows = [...named].sort((a, b) => a - b).flatMap((index) => run.steps.at(index) ?? []);
  for (const row of rows) places.add(row.parts[0]);
  const ranges = new Map<Finding, ByteRange | undefined>();
  for (const finding of findings) {
    const range = await places.rangeOf(finding, run);
    ranges.set(finding, range);
    places.add(range);
  }
  const prints = await fingerprints(run, all, trace, redactor);
  return (): JudgedRun => {
    const made = (verdict: Verdict): JudgedVerdict => ({
      ...verdict,
      fingerprint: prints.ofVerdict(verdict),
      findings: verdict.findings.map((finding): JudgedFinding => {
        const region = places.linesOf(ranges.get(finding));
        return { ...finding, fingerprint: prints.ofFinding(finding), ...(region && { region }) };
      }),
    });
    return {
      id: run.id,
      title: run.title,
      stepCount: run.steps.length,
      verdicts: verdicts.map(made),
      rollUps: rollUps.map(made),
      suspects,
      steps: new Map(rows.map((row) => [row.index, namedStep(row, places)])),
    };
  };
}

function namedStep(row: StepRow, places: Places): NamedStep {
  const { index, id, kind, depth, startTime, tools, preview } = row;
  const region = places.linesOf(row.parts[0]);
  const words = [tools.join(', '), preview].filter((text) => text !== '').join(': ');
  return { index, id, kind, depth, words, ...(startTime !== undefined && { startTime }), ...(region && { region }) };
}

/** Byte ranges on their way to lines and columns of the opened file, found in one pass. */
class Places {
  private readonly wanted = new Map<string, ByteRange>();
  private lines = new Map<string, TextRange>();

  constructor(private readonly trace: OpenTrace) {}

  add(range: ByteRange | undefined): void {
    if (range !== undefined && range.source === 0) this.wanted.set(keyOf(range), range);
  }

  /** The bytes of the value that a finding points to, or else of the step's record. */
  async rangeOf({ step, pointer }: Finding, run: Run): Promise<ByteRange | undefined> {
    const parts = run.steps.at(step)?.parts ?? [];
    if (pointer !== '') {
      for (const part of parts) {
        if (part.source !== 0 || part.end - part.start > LONGEST_SEARCHED) continue;
        const found = narrow(new TextDecoder().decode(await this.trace.read(part)), pointer);
        if (found !== undefined) return { source: 0, start: part.start + found.start, end: part.start + found.end };
      }
    }
    return parts[0];
  }

  async locate(source: ByteSource): Promise<void> {
    const ranges = [...this.wanted.values()];
    const found = ranges.length === 0 ? [] : await positionsOf(source, ranges);
    this.lines = new Map(ranges.flatMap((range, i) => (found[i] === undefined ? [] : [[keyOf(range), found[i]]])));
  }

  linesOf(range: ByteRange | undefined): TextRange | undefined {
    return range === undefined ? undefined : this.lines.get(keyOf(range));
  }
}

function keyOf({ source, start, end }: ByteRange): string {
  return `${source}:${start}-${end}`;
}

/** Fingerprints of what was found in one run. The steps that are pointed at are read in one pass. */
async function fingerprints(run: Run, verdicts: readonly Verdict[], trace: OpenTrace, redactor: Redactor) {
  const steps = verdicts.flatMap(({ findings }) => findings.map(({ step }) => step));
  const wanted = new Set(steps);
  const texts = new Map<number, Step>();
  if (steps.length > 0) {
    const [first, last] = [steps.reduce((a, b) => Math.min(a, b)), steps.reduce((a, b) => Math.max(a, b))];
    for await (const step of trace.steps(run, first, last + 1)) if (wanted.has(step.index)) texts.set(step.index, step);
  }
  const clean = (value: Json) => withoutNumbers(canonicalJson(redactor.apply(value).value));
  const goal = clean(run.goal ?? run.title);
  const counts = new Map<string, number>();
  const known = new Map<Finding, string>();
  for (const { evaluator, findings } of verdicts) {
    for (const finding of [...findings].sort((a, b) => a.step - b.step)) {
      const subject = subjectOf(finding, texts.get(finding.step), clean);
      const key = canonicalJson([evaluator, goal, finding.pointer.replace(/^\/actions\/\d+/, '/action'), ...subject]);
      const count = counts.get(key) ?? 0;
      counts.set(key, count + 1);
      known.set(finding, sha256Hex(`${key}#${count}`));
    }
  }
  return {
    ofFinding: (finding: Finding) => known.get(finding) ?? '',
    ofVerdict: ({ evaluator }: Verdict) => sha256Hex(canonicalJson([evaluator, goal])),
  };
}

/** What a finding is about: the call that its pointer names, all calls of the step, or what was said in it. */
function subjectOf(finding: Finding, step: Step | undefined, clean: (value: Json) => string): string[] {
  if (step === undefined) return [];
  const named = /^\/actions\/(\d+)/.exec(finding.pointer)?.[1];
  const actions = named === undefined ? step.actions : step.actions.slice(Number(named), Number(named) + 1);
  const call = ({ tool, arguments: given }: Action) => clean([tool, given]);
  return actions.length > 0 ? actions.map(call) : [step.kind, clean(step.preview)];
}

/** Which secret a placeholder stands for is not told by its number: secrets before it change that. */
function withoutNumbers(text: string): string {
  return text.replace(/<([A-Z][A-Z_]*)_\d+>/g, '<$1>');
}
