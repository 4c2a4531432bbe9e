import type { EvaluationContext } from '../evaluators/context.ts';
import { isWrite } from '../evaluators/shared/actions.ts';
import type { Verdict } from '../evaluators/verdict.ts';
import type { Run, Step } from '../trace/model.ts';
import type { Rubric } from './rubric.ts';

/** How many decisions a rubric is asked about: a local model takes seconds for each. */
const MOST = 6;

/** What is kept of the steps that pass by to choose those that a model is asked about: numbers of steps, no bodies. */
export class Targets {
  private readonly calling: number[] = [];
  private readonly writing: number[] = [];
  private readonly irreversible: number[] = [];

  constructor(private readonly context: EvaluationContext) {}

  step(step: Step): void {
    if (step.actions.length === 0 || step.kind === 'user') return;
    this.calling.push(step.index);
    const effects = step.actions.map((action) => this.context.effectOf(action));
    if (effects.some(isWrite)) this.writing.push(step.index);
    if (effects.includes('irreversible')) this.irreversible.push(step.index);
  }

  /** The last steps that changed something, ascending. */
  lastWrites(most: number): number[] {
    return this.writing.slice(-most);
  }

  /** The steps that a rubric is asked about, ascending; a sentence when there are none. */
  of(rubric: Rubric, run: Run, verdicts: readonly Verdict[]): readonly number[] | string {
    switch (rubric.about) {
      case 'run':
        return run.goal === undefined && run.goalStep === undefined ? 'No goal is recorded to judge by.' : [];
      case 'calls': {
        if (this.calling.length === 0) return 'No tool was called.';
        return first([this.flagged(verdicts), this.writing.toReversed(), this.calling.toReversed()]);
      }
      case 'writes': {
        if (this.writing.length === 0) return 'No call is known to change anything.';
        return first([this.irreversible.toReversed(), this.writing.toReversed()]);
      }
    }
  }

  /** Steps with calls that rules already take to be at fault: there a second opinion is worth most. */
  private flagged(verdicts: readonly Verdict[]): number[] {
    const calling = new Set(this.calling);
    const findings = verdicts.flatMap((verdict) => (verdict.judge === undefined ? verdict.findings : []));
    const grave = findings.filter(({ severity, step }) => severity !== 'information' && calling.has(step));
    return grave.sort((a, b) => gravity(b.severity) - gravity(a.severity) || a.step - b.step).map(({ step }) => step);
  }
}

function gravity(severity: string): number {
  return severity === 'error' ? 1 : 0;
}

/** The first few different steps of some lists, ascending. */
function first(lists: readonly (readonly number[])[]): number[] {
  return [...new Set(lists.flat())].slice(0, MOST).sort((a, b) => a - b);
}
