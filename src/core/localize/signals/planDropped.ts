import type { Step } from '../../trace/model.ts';
import type { Sign, Signal, SignalObserver } from './signal.ts';
import { isAgents, spoken } from './speech.ts';

const WEIGHT = 0.2;

export const planDropped: Signal = {
  id: 'sign.plan-dropped',
  title: 'The plan was dropped',
  definition:
    'An agent says that it is stalled and plans anew. Up to here the plan was followed; from here on the run is on ' +
    'another way, which may be the wrong one. Only the first time counts.',
  start: () => new PlanDroppedObserver(),
};

class PlanDroppedObserver implements SignalObserver {
  #step: number | undefined;

  step(step: Step): void {
    if (this.#step === undefined && isAgents(step) && setsBack(spoken(step))) this.#step = step.index;
  }

  finish(): readonly Sign[] {
    if (this.#step === undefined) return [];
    return [{ step: this.#step, weight: WEIGHT, reason: 'The agent gave up its plan here and began anew.' }];
  }
}

/** True when a text begins by saying that the plan did not work out. */
export function setsBack(text: string): boolean {
  return /^\W*(?:stalled\b|re-?planning\b|start(?:ing)? over\b|(?:I am|I'm|we are|we're) (?:stuck|stalled)\b)/i.test(
    text.slice(0, 200),
  );
}
