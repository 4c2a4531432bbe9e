import type { EvaluationContext } from '../evaluators/context.ts';
import { failed, isWrite } from '../evaluators/shared/actions.ts';
import { isEscalation } from '../evaluators/shared/toolKinds.ts';
import type { Suspect } from '../evaluators/verdict.ts';
import type { Step } from '../trace/model.ts';
import type { SignedSign } from './signals/all.ts';
import { goAheadUnheeded } from './signals/goAheadUnheeded.ts';

/**
 * Tells which of several runs to look at first. It counts what the run changed, because each change may be the wrong
 * one (to hand over to a person changes nothing); its signals say the rest.
 */
export class Risk {
  #changes = 0;

  step(step: Step, context: EvaluationContext): void {
    for (const action of step.actions) {
      const changes = isWrite(context.effectOf(action)) && !isEscalation(action.tool) && !failed(action);
      if (changes) this.#changes++;
    }
  }

  /**
   * In [0, 1): what the suspects leave of trust, shared among the changes, and among the times that the user's
   * go-ahead led to nothing. It serves for ranking runs of one kind; it is no probability, and nothing is fitted in it.
   */
  of(suspects: readonly Suspect[], signs: readonly SignedSign[]): number {
    const unheeded = signs.filter(({ signal }) => signal === goAheadUnheeded.id).length;
    const trust = suspects.reduce((left, { score }) => left * (1 - score), 1);
    return 1 - trust / ((1 + this.#changes) * (1 + unheeded));
  }
}
