import type { Action, Run, Step } from '../trace/model.ts';
import { assertNever } from '../util/assertNever.ts';
import type { Conclusion, Evaluator, Observer } from './evaluator.ts';
import { isEscalation, isStopTool } from './shared/toolKinds.ts';
import { cut } from './shared/wording.ts';
import type { Finding, Severity } from './verdict.ts';

type Ending = 'normal' | 'limit' | 'crash' | 'interrupted' | 'escalated' | 'unanswered';

/** How the run came to its end. */
export const abnormalEnd: Evaluator = {
  id: 'outcome.abnormal-end',
  title: 'Ended abnormally',
  summary: 'The run ended at a limit, by a crash, or in the middle of a call.',
  level: 'run',
  severity: 'warning',
  needs: [],
  definition:
    'Warns when the run ended at a limit (turns, cost, time, context), by a crash, by an interruption, or with a call ' +
    'that was never answered. A hand-over to a person is a label, not a fault: information. Points at the last step.',
  notApplicable: 'The trace does not tell how the run ended.',
  falsePositives: 'A file that was still being written looks like a run whose last call was never answered.',
  defaultThreshold: 'a normal end',
  start: () => new AbnormalEndObserver(),
};

class AbnormalEndObserver implements Observer {
  #last: Step | undefined;
  #lastOwn: Step | undefined;
  #answered = false;

  step(step: Step): void {
    this.#last = step;
    if (step.depth === 0 && step.kind !== 'system') this.#lastOwn = step;
    if (step.actions.some((action) => action.observation !== undefined)) this.#answered = true;
  }

  finish(run: Run): Conclusion {
    const last = this.#last;
    if (last === undefined) return { status: 'na', score: null, reason: 'The run has no steps.', findings: [] };
    const ending = recordedEnding(run) ?? this.#seenEnding();
    if (ending === undefined) {
      return { status: 'na', score: null, reason: 'The trace does not tell how the run ended.', findings: [] };
    }
    const said = saidOf(ending, run.outcome?.reason);
    if (ending === 'normal') return { status: 'pass', score: 1, reason: said, findings: [] };
    const severity: Severity = ending === 'escalated' ? 'information' : 'warning';
    const finding: Finding = {
      step: last.index,
      pointer: '',
      message: said,
      evidence: [],
      confidence: ending === 'unanswered' ? 'likely' : 'certain',
      severity,
    };
    const status = severity === 'information' ? 'pass' : 'warn';
    return { status, score: severity === 'information' ? 1 : 0, reason: said, findings: [finding] };
  }

  /** What the last step shows when the trace does not say how the run ended. */
  #seenEnding(): Ending | undefined {
    const last = this.#lastOwn;
    if (last === undefined) return undefined;
    if (last.actions.some((action) => isEscalation(action.tool))) return 'escalated';
    if (last.kind === 'final' || last.actions.some((action) => isStopTool(action.tool))) return 'normal';
    if (this.#answered && last.actions.some(isOpen) && last.childRuns.length === 0) return 'unanswered';
    return undefined;
  }
}

function isOpen(action: Action): boolean {
  return action.observation === undefined && action.approval?.decision !== 'rejected';
}

/** The end as the trace records it: the run's own mark, else the outcome's reason (`exit_cost`, `max_steps`). */
function recordedEnding(run: Run): Ending | undefined {
  switch (run.ended) {
    case 'final-answer':
      return 'normal';
    case 'limit':
    case 'crash':
    case 'interrupted':
    case 'escalated':
      return run.ended;
    default:
      return endingOf(run.outcome?.reason ?? '');
  }
}

/** Longer reasons are prose about the result and no code of how the run ended. */
const LONGEST_CODE = 40;
const ENDINGS: readonly (readonly [RegExp, Ending])[] = [
  [
    /limit|max[_\s-]?(turns|steps|iterations|tokens|errors)|exit_?cost|exit_?context|context[_\s-]?(window|length)|budget|time[_\s-]?d?[_\s-]?out|too_many/i,
    'limit',
  ],
  [/interrupt|abort|cancelled|canceled|user_?exit/i, 'interrupted'],
  [/transfer|escalat|hand_?o(ver|ff)/i, 'escalated'],
  [/exit_?(error|format|forfeit|api|environment)|crash|exception|agent_?error|^error|infrastructure/i, 'crash'],
  [/^(submitted|finished|completed?|done|success|user_stop|agent_stop|stop|end_turn|final)/i, 'normal'],
];

function endingOf(reason: string): Ending | undefined {
  if (reason.length > LONGEST_CODE) return undefined;
  return ENDINGS.find(([pattern]) => pattern.test(reason))?.[1];
}

function saidOf(ending: Ending, reason: string | undefined): string {
  const recorded = reason === undefined ? '' : ` (recorded as ${cut(reason, 80)})`;
  switch (ending) {
    case 'normal':
      return `The run ended normally${recorded}.`;
    case 'limit':
      return `The run was stopped at a limit${recorded} and did not end by itself.`;
    case 'crash':
      return `The run ended by a crash${recorded}.`;
    case 'interrupted':
      return `The run was interrupted${recorded}.`;
    case 'escalated':
      return `The run ended by handing over to a person${recorded}.`;
    case 'unanswered':
      return 'The run ends with a call that was never answered.';
    default:
      return assertNever(ending);
  }
}
