import type { Evaluation, Finding, ModelNote, Severity } from '../../core/evaluators/verdict.ts';
import type { StepKind, StepRow } from '../../core/trace/model.ts';

/** What evaluation says about each step, for marks in the list and on the timeline. */
export interface StepMarks {
  /** The gravest finding of a step. */
  readonly findings: ReadonlyMap<number, Severity>;
  /** Place of a step among the suspects, from 0. */
  readonly suspects: ReadonlyMap<number, number>;
}

const GRAVITY: Record<Severity, number> = { information: 0, warning: 1, error: 2 };
const NO_MARKS: StepMarks = { findings: new Map(), suspects: new Map() };
const known = new WeakMap<Evaluation, StepMarks>();

export function marksOf(evaluation: Evaluation | undefined): StepMarks {
  if (evaluation === undefined) return NO_MARKS;
  const before = known.get(evaluation);
  if (before !== undefined) return before;
  const findings = new Map<number, Severity>();
  for (const { step, severity } of evaluation.verdicts.flatMap((verdict) => verdict.findings)) {
    const other = findings.get(step);
    if (other === undefined || GRAVITY[severity] > GRAVITY[other]) findings.set(step, severity);
  }
  const suspects = new Map(evaluation.suspects.map((suspect, place) => [suspect.step, place]));
  const marks = { findings, suspects };
  known.set(evaluation, marks);
  return marks;
}

export interface FindingOf {
  readonly evaluator: string;
  readonly finding: Finding;
  /** Set when a model says so. */
  readonly judge: ModelNote | undefined;
}

const knownFindings = new WeakMap<Evaluation, ReadonlyMap<number, readonly FindingOf[]>>();

/** What was found, by step. Sorted once: every key asks for it. */
export function findingsOf(evaluation: Evaluation): ReadonlyMap<number, readonly FindingOf[]> {
  const before = knownFindings.get(evaluation);
  if (before !== undefined) return before;
  const byStep = new Map<number, FindingOf[]>();
  for (const { evaluator, findings, judge } of evaluation.verdicts) {
    for (const finding of findings) {
      const others = byStep.get(finding.step);
      if (others === undefined) byStep.set(finding.step, [{ evaluator, finding, judge }]);
      else others.push({ evaluator, finding, judge });
    }
  }
  knownFindings.set(evaluation, byStep);
  return byStep;
}

export interface Mark {
  readonly icon: string;
  readonly tone: string;
  readonly words: string;
}

/** The one mark of a step: the gravest thing that is known about it. */
export function markOf(row: StepRow, marks: StepMarks): Mark | undefined {
  if (marks.suspects.get(row.index) === 0) return { icon: 'target', tone: 'tone-suspect', words: 'suspect step' };
  const severity = marks.findings.get(row.index);
  if (severity === 'error') return { icon: 'error', tone: 'tone-error', words: 'finding: error' };
  if (severity === 'warning') return { icon: 'warning', tone: 'tone-warning', words: 'finding: warning' };
  if (row.status === 'error') return { icon: 'circle-slash', tone: 'tone-error', words: 'recorded error' };
  if (severity === 'information') return { icon: 'info', tone: 'tone-info', words: 'finding: information' };
  if (row.status === 'suspect-error') return { icon: 'question', tone: 'tone-warning', words: 'looks like an error' };
  return undefined;
}

const KIND_ICONS: Record<StepKind, string> = {
  user: 'account',
  system: 'settings-gear',
  plan: 'lightbulb',
  action: 'tools',
  approval: 'shield',
  final: 'comment',
  other: 'symbol-misc',
};

const TOOL_ICONS: readonly (readonly [RegExp, string])[] = [
  [/bash|shell|terminal|exec|command/i, 'terminal'],
  [/click|browser|navigate|page|screenshot|type_text|scroll/i, 'browser'],
  [/search|find|grep|glob|query/i, 'search'],
  [/edit|write|patch|replace|create_file/i, 'edit'],
  [/read|view|open|cat|get_file/i, 'file'],
  [/task|agent|delegate|handoff/i, 'hubot'],
  [/python|code|jupyter/i, 'code'],
];

/** The icon of a step's kind, or of the tool that it calls when the name tells one. */
export function iconOf(row: StepRow): string {
  if (row.kind !== 'action') return KIND_ICONS[row.kind];
  if (row.end > row.index + 1 || row.childRuns.length > 0) return 'hubot';
  const [tool] = row.tools;
  return TOOL_ICONS.find(([name]) => tool !== undefined && name.test(tool))?.[1] ?? KIND_ICONS.action;
}
