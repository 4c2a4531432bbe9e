import type { Action, Run, Step } from '../trace/model.ts';
import type { Conclusion, Evaluator, Observer } from './evaluator.ts';
import { isEscalation, isStopTool } from './shared/toolKinds.ts';
import { counted } from './shared/wording.ts';
import type { Finding, Severity } from './verdict.ts';

/** Actions that nothing answered in a trace that records answers. */
export const observationMissing: Evaluator = {
  id: 'action.observation-missing',
  title: 'No observation',
  summary: 'A call has no result while others have one.',
  level: 'step',
  severity: 'error',
  needs: [],
  definition:
    'Fails for each action without a recorded result while other actions of the run have one. An empty result is a ' +
    'result. The last actions of a run, and actions that a user message interrupted, are only pending: information.',
  notApplicable: 'The run has no actions, or the trace records no results at all.',
  falsePositives:
    'Tools that never answer in the run although they are called again (fire and forget) are information only. Rejected ' +
    'calls, hand-overs, finishing calls and calls that started a sub-agent are left out.',
  defaultThreshold: 'no unanswered action',
  start: () => new ObservationMissingObserver(),
};

interface Unanswered {
  readonly step: number;
  readonly action: number;
  readonly tool: string;
  /** What the agent did next in the run, once it is known. */
  next?: number;
  interrupted: boolean;
}

class ObservationMissingObserver implements Observer {
  readonly #unanswered: Unanswered[] = [];
  /** How often each tool was called and answered. */
  readonly #tools = new Map<string, { called: number; answered: number }>();
  #answered = 0;

  step(step: Step): void {
    for (let i = this.#unanswered.length - 1; i >= 0 && this.#unanswered[i]?.next === undefined; i--) {
      const before = this.#unanswered[i];
      if (before === undefined) break;
      before.next = step.index;
      before.interrupted = step.kind === 'user';
    }
    step.actions.forEach((action, i) => {
      const answered = action.observation !== undefined;
      const counts = this.#tools.get(action.tool) ?? { called: 0, answered: 0 };
      counts.called++;
      if (answered) counts.answered++;
      this.#tools.set(action.tool, counts);
      if (answered) this.#answered++;
      else if (wantsAnswer(step, action)) {
        this.#unanswered.push({ step: step.index, action: i, tool: action.tool, interrupted: false });
      }
    });
  }

  finish(run: Run): Conclusion {
    const actions = [...this.#tools.values()].reduce((sum, { called }) => sum + called, 0);
    if (actions === 0) return { status: 'na', score: null, reason: 'The run has no actions.', findings: [] };
    if (this.#answered === 0) {
      return { status: 'na', score: null, reason: 'The trace records no results of actions.', findings: [] };
    }
    const findings = this.#unanswered.map((one) => this.#finding(one, run));
    const missing = findings.filter((finding) => finding.severity === 'error').length;
    const pending = findings.length - missing;
    const counts = `${this.#answered} of ${counted(actions, 'action')} have a result`;
    return {
      status: missing > 0 ? 'fail' : 'pass',
      score: 1 - missing / actions,
      reason:
        missing > 0
          ? `${counts}; ${missing} ${missing === 1 ? 'was' : 'were'} never answered.`
          : pending > 0
            ? `${counts}; the rest are pending.`
            : `${counts}.`,
      findings,
    };
  }

  #finding({ step, action, tool, next, interrupted }: Unanswered, run: Run): Finding {
    const counts = this.#tools.get(tool) ?? { called: 1, answered: 0 };
    const neverAnswers = counts.answered === 0 && counts.called > 1;
    const pending = next === undefined || interrupted;
    const severity: Severity = pending || neverAnswers ? 'information' : 'error';
    return {
      step,
      pointer: `/actions/${action}`,
      message: pending
        ? `${tool} has no result: the run was interrupted or ended here.`
        : neverAnswers
          ? `${tool} has no result; it is called ${counts.called} times in this run and never answers.`
          : `${tool} was called and nothing came back, yet the run went on.`,
      evidence: next !== undefined && next < run.steps.length ? [{ step: next }] : [],
      confidence: severity === 'error' ? 'certain' : 'likely',
      severity,
    };
  }
}

function wantsAnswer(step: Step, action: Action): boolean {
  const rejected = [action.approval?.decision, step.approval?.decision].some(
    (d) => d === 'rejected' || d === 'requested',
  );
  const delegated = step.childRuns.length > 0 || step.end > step.index + 1;
  return !rejected && !delegated && !isStopTool(action.tool) && !isEscalation(action.tool);
}
