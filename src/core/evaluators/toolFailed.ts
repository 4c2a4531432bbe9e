import type { Action, Step } from '../trace/model.ts';
import type { EvaluationContext } from './context.ts';
import type { Conclusion, Evaluator, Observer } from './evaluator.ts';
import { isWrite, observationText, outcomeOf } from './shared/actions.ts';
import { excerpt, quoted } from './shared/say.ts';
import { counted } from './shared/wording.ts';
import type { Finding } from './verdict.ts';

/** Every action whose observation says that it failed. */
export const toolFailed: Evaluator = {
  id: 'action.tool-failed',
  title: 'Tool error',
  summary: 'A tool answered with an error, by flag, exit code or text.',
  level: 'step',
  severity: 'error',
  needs: [],
  definition:
    'Fails for each action that changes something and failed, warns for each other action that failed: an error flag, ' +
    'an exit code, a recorded error type, or an observation that clearly is an error text.',
  notApplicable: 'The run has no actions, or records for none of them whether it worked.',
  falsePositives:
    'Exit code 1 of a search, comparison, linter or test run is taken as an answer, not as an error. An error that the ' +
    'agent provoked on purpose is still reported.',
  defaultThreshold: 'no failed action',
  start: (context) => new ToolFailedObserver(context),
};

class ToolFailedObserver implements Observer {
  readonly #findings: Finding[] = [];
  #actions = 0;
  #known = 0;

  constructor(private readonly context: EvaluationContext) {}

  step(step: Step): void {
    step.actions.forEach((action, i) => {
      this.#actions++;
      const outcome = outcomeOf(action);
      if (outcome === 'unknown') return;
      this.#known++;
      if (outcome === 'failed') this.#findings.push(this.#finding(step, action, i));
    });
  }

  #finding(step: Step, action: Action, i: number): Finding {
    const changes = isWrite(this.context.effectOf(action));
    const text = observationText(action).trim();
    const kind = action.observation?.errorType;
    const said = text !== '' ? quoted(text) : (kind ?? exitText(action) ?? 'no text recorded');
    return {
      step: step.index,
      pointer: `/actions/${i}`,
      message: `The call of ${action.tool} failed: ${said}.`,
      evidence: [
        { step: step.index, pointer: `/actions/${i}/observation`, ...(text !== '' && { quote: excerpt(text) }) },
      ],
      confidence:
        action.observation?.errorSource === 'text' || action.observation?.isError !== true ? 'likely' : 'certain',
      severity: changes ? 'error' : 'warning',
    };
  }

  finish(): Conclusion {
    const findings = this.#findings;
    if (this.#actions === 0) return notApplicable('The run has no actions.');
    if (this.#known === 0) return notApplicable('The trace does not record whether actions worked.');
    const score = 1 - findings.length / this.#known;
    if (findings.length === 0) {
      return { status: 'pass', score, reason: `${counted(this.#known, 'action')}, none failed.`, findings };
    }
    const writes = findings.filter((finding) => finding.severity === 'error').length;
    return {
      status: writes > 0 ? 'fail' : 'warn',
      score,
      reason:
        `${findings.length} of ${counted(this.#known, 'action')} failed` +
        (writes > 0
          ? `, ${writes} of them ${writes === 1 ? 'an action that changes' : 'actions that change'} something.`
          : '.'),
      findings,
    };
  }
}

function exitText(action: Action): string | undefined {
  const code = action.observation?.exitCode;
  return code === undefined ? undefined : `exit code ${code}`;
}

function notApplicable(reason: string): Conclusion {
  return { status: 'na', score: null, reason, findings: [] };
}
