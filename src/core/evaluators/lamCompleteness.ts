import type { Run, Step } from '../trace/model.ts';
import type { EvaluationContext } from './context.ts';
import type { Conclusion, Evaluator, Observer } from './evaluator.ts';
import { branchOf } from './shared/branch.ts';
import { notApplicable } from './shared/conclude.ts';
import { isEscalation, isStopTool } from './shared/toolKinds.ts';
import { counted } from './shared/wording.ts';
import type { StepPlace } from './verdict.ts';

const LEAST = 0.9;

export const lamCompleteness: Evaluator = {
  id: 'trace.lam-completeness',
  title: 'Complete to learn from',
  summary: 'Of how many actions the trace holds request, state, action and next state.',
  level: 'run',
  severity: 'warning',
  needs: [],
  definition: `To learn from an action, or to play it again, one needs four things: what was asked, the state on which it was decided (a screen, a recorded state, or what was said and answered before), the action with its arguments, and the state after it (its result, or the next screen). Gives the share of actions that have all four; warns below ${LEAST}, at the first gap. This judges the recording, not the agent.`,
  notApplicable: 'The run has no action.',
  falsePositives: 'Results that are kept in other files. Calls that end the run need no next state.',
  defaultThreshold: `${LEAST}`,
  threshold: 'the lowest share that is right, from 0 to 1',
  start: (context) => new LamCheck(context),
};

const MISSING = {
  request: 'what was asked',
  state: 'the state before it',
  action: 'its arguments',
  next: 'what came of it',
};
type Part = keyof typeof MISSING;

class LamCheck implements Observer {
  private actions = 0;
  private incomplete = 0;
  private answered = 0;
  private readonly gaps: Record<Part, number> = { request: 0, state: 0, action: 0, next: 0 };
  private first: StepPlace | undefined;
  private asked: boolean;
  /** Branches in which something was said, seen or answered. */
  private readonly informed = new Set<string>();
  /** Actions without a result, until the next step shows whether its screen is one. */
  private readonly open = new Map<string, { place: StepPlace; missing: Part[] }[]>();

  constructor(private readonly context: EvaluationContext) {
    this.asked = context.run.goal !== undefined;
  }

  step(step: Step): void {
    const branch = branchOf(step);
    if (step.kind === 'user') this.asked = true;
    if (step.message !== undefined && step.message.length > 0) this.informed.add(branch);
    const shown = step.screen !== undefined || step.state?.before !== undefined;
    this.settle(branch, shown);
    const known = shown || step.request !== undefined || this.informed.has(branch) || this.asked;
    for (const [i, action] of step.actions.entries()) {
      if (isStopTool(action.tool) || isEscalation(action.tool)) continue;
      this.actions++;
      const missing: Part[] = [];
      if (!this.asked) missing.push('request');
      if (!known) missing.push('state');
      if (!action.argumentsRecorded) missing.push('action');
      const place = { step: step.index, pointer: `/actions/${i}` };
      if (action.observation !== undefined || step.state?.after !== undefined) this.note(place, missing);
      else this.open.set(branch, [...(this.open.get(branch) ?? []), { place, missing }]);
      if (action.observation === undefined) continue;
      this.answered++;
      this.informed.add(branch);
    }
  }

  /** The next screen is what came of the actions before it. */
  private settle(branch: string, shown: boolean): void {
    for (const { place, missing } of this.open.get(branch) ?? [])
      this.note(place, shown ? missing : [...missing, 'next']);
    this.open.delete(branch);
  }

  /** A run that was interrupted ends with actions that nothing could come of; they are no gap where others have a result. */
  private leaveOutPending(run: Run): void {
    if (this.answered === 0) return;
    for (const [branch, open] of this.open) {
      const pending = open.filter(({ place, missing }) => place.step === run.steps.length - 1 && missing.length === 0);
      this.actions -= pending.length;
      this.open.set(
        branch,
        open.filter((one) => !pending.includes(one)),
      );
    }
  }

  private note(place: StepPlace, missing: readonly Part[]): void {
    if (missing.length === 0) return;
    this.incomplete++;
    for (const part of missing) this.gaps[part]++;
    if (this.first === undefined || place.step < this.first.step) this.first = place;
  }

  finish(run: Run): Conclusion {
    this.leaveOutPending(run);
    for (const branch of [...this.open.keys()]) this.settle(branch, false);
    if (this.actions === 0) return notApplicable('The run has no action.');
    const score = 1 - this.incomplete / this.actions;
    const parts = (Object.keys(MISSING) as Part[]).filter((part) => this.gaps[part] > 0);
    const lacking = parts
      .map((part) => (this.gaps[part] === this.incomplete ? MISSING[part] : `${MISSING[part]} (${this.gaps[part]})`))
      .join(', ');
    const complete = `${this.actions - this.incomplete} of ${counted(this.actions, 'action')} can be learned from`;
    const reason = lacking === '' ? `${complete}.` : `${complete}; the trace lacks ${lacking}.`;
    const least = this.context.threshold(lamCompleteness.id, LEAST);
    if (this.first === undefined || score >= least) return { status: 'pass', score, reason, findings: [] };
    const { step, pointer = '' } = this.first;
    const message = `${this.incomplete} of ${counted(this.actions, 'action')} can not be learned from: the trace lacks ${lacking}. The first is here.`;
    return {
      status: 'warn',
      score,
      reason,
      findings: [{ step, pointer, message, evidence: [], confidence: 'certain', severity: 'warning' }],
    };
  }
}
