import type { Action, Step } from '../trace/model.ts';
import type { EvaluationContext } from './context.ts';
import type { Conclusion, Evaluator, Observer } from './evaluator.ts';
import { isWrite, observationText, outcomeOf } from './shared/actions.ts';
import { branchOf } from './shared/branch.ts';
import { durationText, excerpt, quoted } from './shared/say.ts';
import { declaredLimit, isTimeout } from './shared/timeouts.ts';
import { counted } from './shared/wording.ts';
import type { Finding, StepPlace } from './verdict.ts';

/** Actions that ended by a timeout, or took longer than the limit that their arguments set. */
export const toolTimeout: Evaluator = {
  id: 'action.tool-timeout',
  title: 'Tool timeout',
  summary: 'A call timed out; whether it took effect is unknown.',
  level: 'step',
  severity: 'error',
  needs: [],
  definition:
    'Fails for each action that ended by a timeout: the error type says so, or the error text does. Warns when an action ' +
    'took longer than the limit that its own arguments, or else the policy, set.',
  notApplicable: 'No action has a recorded result with a duration or an error mark.',
  falsePositives:
    'Texts that talk about timeouts count only in an observation that is an error. What a user cancelled does not count.',
  defaultThreshold: 'no timeout; no time limit unless the call declares one',
  threshold: 'milliseconds that a call may take when its arguments set no limit',
  start: (context) => new ToolTimeoutObserver(context),
};

class ToolTimeoutObserver implements Observer {
  readonly #findings: Finding[] = [];
  /** Findings of the last step of each branch, which get what the agent did next as evidence. */
  readonly #open = new Map<string, number[]>();
  readonly #limit: number;
  #judged = 0;

  constructor(private readonly context: EvaluationContext) {
    this.#limit = context.threshold(toolTimeout.id, Number.POSITIVE_INFINITY);
  }

  step(step: Step): void {
    const branch = branchOf(step);
    if (step.actions.length > 0) this.#sayNext(branch, step);
    step.actions.forEach((action, i) => {
      const { observation } = action;
      if (observation === undefined) return;
      const timedOut = isTimeout(action);
      if (!timedOut && outcomeOf(action) === 'unknown' && observation.duration === undefined) return;
      this.#judged++;
      const finding = timedOut ? this.#timeout(step, action, i) : overLimit(step, action, i, this.#limit);
      if (finding === undefined) return;
      this.#open.set(branch, [...(this.#open.get(branch) ?? []), this.#findings.push(finding) - 1]);
    });
  }

  #timeout(step: Step, action: Action, i: number): Finding {
    const changes = isWrite(this.context.effectOf(action));
    const text = observationText(action).trim();
    return {
      step: step.index,
      pointer: `/actions/${i}`,
      message:
        `The call of ${action.tool} timed out${text !== '' ? `: ${quoted(text, 60)}` : ''}` +
        `${changes ? '; whether it took effect is unknown' : ''}.`,
      evidence: [observed(step, i, text)],
      confidence: action.observation?.errorSource === 'text' ? 'likely' : 'certain',
      severity: 'error',
    };
  }

  #sayNext(branch: string, step: Step): void {
    for (const at of this.#open.get(branch) ?? []) {
      const finding = this.#findings[at];
      if (finding === undefined) continue;
      const next: StepPlace = { step: step.index, pointer: '/actions/0' };
      this.#findings[at] = { ...finding, evidence: [...finding.evidence, next] };
    }
    this.#open.delete(branch);
  }

  finish(): Conclusion {
    const findings = this.#findings;
    if (this.#judged === 0) {
      const reason = 'No action has a recorded result with a duration or an error mark.';
      return { status: 'na', score: null, reason, findings: [] };
    }
    const timeouts = findings.filter((finding) => finding.severity === 'error').length;
    const over = findings.length - timeouts;
    const score = 1 - findings.length / this.#judged;
    if (timeouts > 0) {
      return { status: 'fail', score, reason: `${counted(timeouts, 'action')} timed out.`, findings };
    }
    if (over > 0) {
      return { status: 'warn', score, reason: `${counted(over, 'action')} took longer than its limit.`, findings };
    }
    return { status: 'pass', score, reason: `${counted(this.#judged, 'action')}, no timeout.`, findings };
  }
}

function overLimit(step: Step, action: Action, i: number, general: number): Finding | undefined {
  const limit = declaredLimit(action) ?? general;
  const duration = action.observation?.duration;
  if (duration === undefined || duration < limit) return undefined;
  return {
    step: step.index,
    pointer: `/actions/${i}`,
    message: `The call of ${action.tool} took ${durationText(duration)}; its limit is ${durationText(limit)}.`,
    evidence: [observed(step, i, '')],
    expected: `under ${durationText(limit)}`,
    actual: durationText(duration),
    confidence: 'certain',
    severity: 'warning',
  };
}

function observed(step: Step, i: number, text: string): StepPlace {
  return { step: step.index, pointer: `/actions/${i}/observation`, ...(text !== '' && { quote: excerpt(text) }) };
}
