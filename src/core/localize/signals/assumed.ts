import { quoted } from '../../evaluators/shared/say.ts';
import type { Step } from '../../trace/model.ts';
import type { Sign, Signal, SignalObserver } from './signal.ts';
import { isAgents, reportsWhatItSaw, spoken } from './speech.ts';

const WEIGHT = 0.1;

export const assumed: Signal = {
  id: 'sign.assumed',
  title: 'Assumes instead of looking',
  definition:
    'An agent says that it assumes, estimates, simulates or knows something by itself, where the task was to find out. ' +
    'The first time counts.',
  start: () => new AssumedObserver(),
};

class AssumedObserver implements SignalObserver {
  #first = true;
  #sign: Sign | undefined;

  step(step: Step): void {
    if (this.#sign !== undefined || !isAgents(step)) return;
    const text = spoken(step);
    const match = this.#first || step.actions.length > 0 || reportsWhatItSaw(text) ? null : ASSUMES.exec(text);
    this.#first = false;
    if (match === null) return;
    const sentence = text.slice(Math.max(0, text.lastIndexOf('\n', match.index)), match.index + 80).trim();
    this.#sign = { step: step.index, weight: WEIGHT, reason: `Goes by an assumption: ${quoted(sentence)}.` };
  }

  finish(): readonly Sign[] {
    return this.#sign === undefined ? [] : [this.#sign];
  }
}

const ASSUMES =
  /\b(?:(?:let(?:'|’)?s|let us|I(?:'|’)?ll|we(?:'|’)?ll|I|we|will|can|by|and) (?:will )?assum(?:e|ed|ing)|assuming|hypothetical(?:ly)?|placeholders?|simulated?|for (?:demonstration|illustration)|(?:general|common|prior|my|internal|existing) knowledge|to the best of my|from memory|widely (?:known|accepted)|as an example)\b/i;
