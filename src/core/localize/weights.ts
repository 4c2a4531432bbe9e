import type { Finding } from '../evaluators/verdict.ts';

/**
 * How strongly a finding of an evaluator speaks for "this is where it went wrong", in [0, 1]. Taken from how often runs
 * with such a finding had failed in recorded runs with known outcome, in steps of 0.05; evaluators without such figures
 * stand where their definition suggests. Sums over other findings (rates, roll-ups) have no step of their own: 0.
 */
const WEIGHTS: Readonly<Record<string, number>> = {
  'outcome.confident-failure': 0.9,
  'action.args-ungrounded': 0.9,
  'loop.repair-loop': 0.85,
  'safety.duplicate-effect': 0.85,
  'safety.policy': 0.8,
  TaskCompletion: 0.8,
  'safety.unapproved-irreversible': 0.75,
  'action.tool-undeclared': 0.75,
  'action.args-invalid': 0.65,
  'action.args-empty': 0.65,
  'loop.repeated-action': 0.6,
  'action.tool-timeout': 0.6,
  'stop.action-after-stop': 0.6,
  'loop.cycle': 0.55,
  'action.observation-missing': 0.5,
  'action.tool-failed': 0.45,
  'ui.stale-state': 0.5,
  'outcome.abnormal-end': 0.3,
  'safety.no-rollback': 0.2,
  // A model is often wrong about the step: it may confirm what code has found, and hardly more.
  'judge.tool-selection': 0.3,
  'judge.task-completion': 0.3,
  'judge.action-safety': 0.3,
  'run.tool-success-rate': 0,
  'run.budget': 0,
  'ui.action-incomplete': 0,
  'trace.lam-completeness': 0,
  'ref.trajectory-match': 0,
  'ref.tool-selection': 0,
  ToolSelectionAccuracy: 0,
  ActionSafety: 0,
};
const OF_OTHERS = 0.4;

const SEVERITY: Readonly<Record<Finding['severity'], number>> = { error: 1, warning: 0.6, information: 0 };
const CONFIDENCE: Readonly<Record<Finding['confidence'], number>> = { certain: 1, likely: 0.9, heuristic: 0.7 };

/** How much one finding weighs by itself, in [0, 1]. */
export function weightOf(evaluator: string, finding: Finding): number {
  const weight = Object.hasOwn(WEIGHTS, evaluator) ? (WEIGHTS[evaluator] ?? OF_OTHERS) : OF_OTHERS;
  return weight * SEVERITY[finding.severity] * CONFIDENCE[finding.confidence];
}
