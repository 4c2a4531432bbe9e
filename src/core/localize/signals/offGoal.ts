import { quoted } from '../../evaluators/shared/say.ts';
import type { Run, Step } from '../../trace/model.ts';
import type { Sign, Signal, SignalObserver } from './signal.ts';
import { contentWords, isAgents, shareIn, spoken } from './speech.ts';

const WEIGHT = 0.7;
/** Fewer words can be said in other words altogether. */
const FEWEST_WORDS = 6;
/** A first plan of that length that has so few of the goal's words is about something else. */
const SHORTEST_PLAN = 400;
const LEAST_SHARE = 0.25;

export const offGoal: Signal = {
  id: 'sign.off-goal',
  title: 'The first plan is about something else',
  definition:
    'In a team the first step hands over the task, at some length, and has hardly a word of what was asked. ' +
    'Whatever comes after it answers another question.',
  start: (run) => new OffGoalObserver(run),
};

class OffGoalObserver implements SignalObserver {
  readonly #goal: Set<string>;
  readonly #agents = new Set<string>();
  #seen = false;
  #sign: Sign | undefined;

  constructor({ goal = '' }: Run) {
    this.#goal = contentWords(goal);
  }

  step(step: Step): void {
    if (!isAgents(step)) return;
    if (step.agent !== undefined) this.#agents.add(step.agent);
    if (this.#seen) return;
    this.#seen = true;
    const text = spoken(step);
    if (step.actions.length > 0 || text.length < SHORTEST_PLAN || this.#goal.size < FEWEST_WORDS) return;
    const said = contentWords(text);
    if (shareIn(this.#goal, said) >= LEAST_SHARE) return;
    const missing = [...this.#goal].filter((word) => !said.has(word)).slice(0, 6);
    this.#sign = {
      step: step.index,
      weight: WEIGHT,
      reason: `The task as it is put here has hardly a word of what was asked; it leaves out ${quoted(missing.join(', '))}.`,
    };
  }

  finish(): readonly Sign[] {
    return this.#sign === undefined || this.#agents.size < 2 ? [] : [this.#sign];
  }
}
