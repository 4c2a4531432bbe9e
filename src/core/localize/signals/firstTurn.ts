import type { Step } from '../../trace/model.ts';
import type { Sign, Signal, SignalObserver } from './signal.ts';
import { isAgents, isForeman, runsOthersCode, spoken } from './speech.ts';

const WEIGHT = 0.16;

export const firstTurn: Signal = {
  id: 'sign.first-turn',
  title: 'The first contribution to the task',
  definition:
    'In a talk of several agents the first one after the task was handed over decides how it is gone about, and the ' +
    'others mostly agree. It is where to begin to read when nothing else speaks for any step.',
  start: () => new FirstTurnObserver(),
};

class FirstTurnObserver implements SignalObserver {
  readonly #agents = new Set<string>();
  /** The task stands in a message of the user, or else in the first one of the agents. */
  #byUser = false;
  #handedOver = false;
  #step: number | undefined;

  step(step: Step): void {
    if (step.kind === 'user') this.#byUser = true;
    if (!isAgents(step) || runsOthersCode(step) || isForeman(step)) return;
    if (step.agent !== undefined) this.#agents.add(step.agent);
    if (this.#step !== undefined || spoken(step).trim() === '') return;
    if (this.#handedOver || this.#byUser) this.#step = step.index;
    this.#handedOver = true;
  }

  finish(): readonly Sign[] {
    if (this.#step === undefined || this.#agents.size < 2) return [];
    return [
      { step: this.#step, weight: WEIGHT, reason: 'The first contribution to the task, on which the others build.' },
    ];
  }
}
