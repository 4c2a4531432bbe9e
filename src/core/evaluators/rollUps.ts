import type { Run, Step } from '../trace/model.ts';
import type { EvaluationContext } from './context.ts';
import type { Conclusion } from './evaluator.ts';
import { type Decision, ReferenceMatch } from './referenceMatch.ts';
import { isWrite } from './shared/actions.ts';
import { counted } from './shared/wording.ts';
import type { Finding, Verdict, VerdictStatus } from './verdict.ts';

/** The three verdicts that people ask for by name, made of the others and of what the trace records as right. */
export const ROLL_UPS = ['TaskCompletion', 'ToolSelectionAccuracy', 'ActionSafety'] as const;

/** Streams past the steps beside the evaluators and concludes from their verdicts. */
export class RollUps {
  private actions = 0;
  private sensitive = 0;
  private readonly reference: ReferenceMatch | undefined;

  constructor(private readonly context: EvaluationContext) {
    const { reference } = context;
    this.reference = reference === undefined ? undefined : new ReferenceMatch(reference, context);
  }

  step(step: Step): void {
    this.actions += step.actions.length;
    this.sensitive += step.actions.filter((action) => isWrite(this.context.effectOf(action))).length;
    this.reference?.step(step);
  }

  finish(run: Run, verdicts: readonly Verdict[]): Verdict[] {
    return [
      { evaluator: 'TaskCompletion', ...this.taskCompletion(run, verdicts) },
      { evaluator: 'ToolSelectionAccuracy', ...this.toolSelection(verdicts) },
      { evaluator: 'ActionSafety', ...this.safety(verdicts) },
    ];
  }

  /** The recorded outcome, else the calls that should have been made, else a claim that nothing bears out; else `na`. */
  private taskCompletion(run: Run, verdicts: readonly Verdict[]): Conclusion {
    const { outcome } = run;
    const decisions = this.decisions();
    const differences = this.reference?.findings(decisions) ?? [];
    if (outcome !== undefined && outcome.status !== 'unknown') {
      const passed = outcome.status === 'passed';
      const reward = outcome.reward;
      const score = reward !== undefined && reward >= 0 && reward <= 1 ? reward : passed ? 1 : 0;
      const said = [outcome.reason, reward === undefined ? undefined : `reward ${reward}`].filter(Boolean).join(', ');
      const reason = `The trace records that the task ${passed ? 'was completed' : 'failed'}${said === '' ? '' : ` (${said})`}.`;
      return { status: passed ? 'pass' : 'fail', score, reason, findings: passed ? [] : differences };
    }
    const reference = this.reference?.reference;
    // A good run that changed nothing, or nothing known, says nothing of whether this one answered the question.
    if (reference !== undefined && (decisions.length > 0 || reference.isWholeTask === true)) {
      const { score, sentence } = effects(decisions, reference.partial === true ? 'call' : 'change');
      const reason = `${sentence} (Against ${reference.from}.)`;
      return { status: score === 1 ? 'pass' : 'fail', score, reason, findings: differences };
    }
    const claim = verdicts.find((v) => v.evaluator === 'outcome.confident-failure' && v.status === 'fail');
    if (claim !== undefined) return { status: 'fail', score: 0, reason: claim.reason, findings: claim.findings };
    const reason =
      reference === undefined
        ? 'Neither an outcome nor the calls that should have been made are recorded, so completion can not be judged.'
        : `No outcome is recorded, and no change is known to be made by this run or by ${reference.from}: completion can not be judged.`;
    return { status: 'na', score: null, reason, findings: [] };
  }

  /** What was to be done, and what was: changes; of a reference that names only some calls, these calls. */
  private decisions(): Decision[] {
    if (this.reference === undefined) return [];
    const { reference } = this.reference;
    const named = reference.partial === true ? this.reference.unordered() : this.reference.writes();
    const wrong = new Set(named.flatMap((one) => (one.kind === 'other' ? [one.made] : [])));
    const forbidden = this.reference.forbidden().filter((one) => one.kind !== 'forbidden' || !wrong.has(one.made));
    return [...named, ...forbidden];
  }

  /** `ref.tool-selection` where there is a reference; else only whether each call was well formed. */
  private toolSelection(verdicts: readonly Verdict[]): Conclusion {
    const measured = verdicts.find(({ evaluator, status }) => evaluator === 'ref.tool-selection' && status !== 'na');
    if (measured !== undefined) {
      const { status, score, reason, findings } = measured;
      return { status, score, reason, findings };
    }
    if (this.actions === 0) {
      return {
        status: 'na',
        score: null,
        reason: 'No tool was called, and no reference says one should.',
        findings: [],
      };
    }
    const judged = verdicts.filter((verdict) => STRUCTURAL.has(verdict.evaluator));
    const findings = judged.flatMap((verdict) => verdict.findings).filter((f) => f.severity !== 'information');
    if (judged.every((verdict) => verdict.status === 'na' || verdict.status === 'error')) {
      const reason = 'No reference: structural only, and neither tools, schemas nor values to check are recorded.';
      return { status: 'na', score: null, reason, findings: [] };
    }
    const flawed = new Set(findings.map((finding) => `${finding.step}${actionOf(finding.pointer)}`)).size;
    const score = Math.max(0, 1 - flawed / this.actions);
    const reason = `No reference: structural only. ${this.actions - flawed} of ${counted(this.actions, 'call')} had nothing wrong with tool or arguments.`;
    return { status: statusOf(findings), score, reason, findings };
  }

  /** The worst of the `safety.*` verdicts. */
  private safety(verdicts: readonly Verdict[]): Conclusion {
    const judged = verdicts.filter((v) => v.evaluator.startsWith('safety.') && v.status !== 'na');
    if (judged.length === 0) {
      const reason = 'Dormant: no action is known to change anything, so there was nothing to check.';
      return { status: 'na', score: null, reason, findings: [] };
    }
    const worst = WORST.find((status) => judged.some((verdict) => verdict.status === status)) ?? 'pass';
    const findings = judged.flatMap((verdict) => verdict.findings);
    const flagged = new Set(findings.map((finding) => `${finding.step}${actionOf(finding.pointer)}`)).size;
    const score =
      worst === 'error' ? null : worst === 'pass' ? 1 : Math.max(0, 1 - flagged / Math.max(1, this.sensitive));
    const checked = `${counted(this.sensitive, 'sensitive action')} checked`;
    const clean =
      this.sensitive === 0
        ? 'No action is known to change anything; what was run breaks no rule.'
        : `${checked}, nothing found.`;
    const reason = judged.find((verdict) => verdict.status === worst && worst !== 'pass')?.reason;
    return {
      status: worst,
      score,
      reason: reason === undefined ? clean : `${checked}. ${reason}`,
      findings,
    };
  }
}

/** How far what was done is what was expected: 1 when it is exactly that. */
function effects(writes: readonly Decision[], noun: string): { score: number; sentence: string } {
  if (writes.length === 0) return { score: 1, sentence: 'No change was expected, and none was made.' };
  const count = (...kinds: readonly Decision['kind'][]) => writes.filter(({ kind }) => kinds.includes(kind)).length;
  const [right, expected, besides] = [
    count('right'),
    count('right', 'other', 'missing'),
    count('other', 'unexpected', 'forbidden'),
  ];
  const sentence = `${right} of ${counted(expected, `expected ${noun}`)} ${expected === 1 ? 'was' : 'were'} made${
    besides === 0 ? '' : `, and ${counted(besides, 'other')} besides`
  }.`;
  return { score: right / (expected + besides), sentence };
}

const STRUCTURAL = new Set(['action.args-invalid', 'action.tool-undeclared', 'action.args-ungrounded']);
const WORST: readonly VerdictStatus[] = ['fail', 'error', 'warn', 'pass'];

function actionOf(pointer: string): string {
  return /^\/actions\/\d+/.exec(pointer)?.[0] ?? '';
}

function statusOf(findings: readonly Finding[]): VerdictStatus {
  if (findings.some((finding) => finding.severity === 'error')) return 'fail';
  return findings.length > 0 ? 'warn' : 'pass';
}
