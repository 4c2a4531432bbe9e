import type { EvaluationContext } from '../../evaluators/context.ts';
import { failed, isWrite, observationText } from '../../evaluators/shared/actions.ts';
import { targetsOf } from '../../evaluators/shared/identity.ts';
import { quoted } from '../../evaluators/shared/say.ts';
import { stepName } from '../../evaluators/shared/wording.ts';
import type { Step } from '../../trace/model.ts';
import type { Sign, Signal, SignalObserver } from './signal.ts';
import { ends } from './speech.ts';

const WEIGHT = 0.5;

export const shutOut: Signal = {
  id: 'sign.shut-out',
  title: 'A change that shut out a later one',
  definition:
    'A call changed something, and a later call on the same thing was refused because of the state it is in now: the two ' +
    'were made in the wrong order, or the first should not have been made.',
  start: () => new ShutOutObserver(),
};

class ShutOutObserver implements SignalObserver {
  /** The last step that changed a target, by the target's hash. */
  readonly #changed = new Map<number, number>();
  readonly #signs = new Map<number, Sign>();

  step(step: Step, context: EvaluationContext): void {
    for (const action of step.actions) {
      if (!isWrite(context.effectOf(action))) continue;
      const [target] = targetsOf(action);
      if (target === undefined) continue;
      const before = this.#changed.get(target.hash);
      if (!failed(action)) this.#changed.set(target.hash, step.index);
      else if (before !== undefined && before < step.index && STATE.test(ends(observationText(action)))) {
        const reason = `After this call ${quoted(target.text, 40)} could not be changed again: ${stepName(step.index)} was refused with ${quoted(observationText(action))}.`;
        if (!this.#signs.has(before)) this.#signs.set(before, { step: before, weight: WEIGHT, reason });
      }
    }
  }

  finish(): readonly Sign[] {
    return [...this.#signs.values()];
  }
}

/** How refusals speak of the state of a thing. */
const STATE =
  /\bnon-\w+|\balready\b|\bno longer\b|\b(?:is|was) not \w+|\bcan(?:not|'t) be (?:\w+ed|changed)\b|\bstatus\b|\blocked\b|\bclosed\b/i;
