import type { Step } from '../../trace/model.ts';
import type { Sign, Signal, SignalObserver } from './signal.ts';
import { codeIn, isAgents, runsOthersCode, spoken } from './speech.ts';

const WEIGHT = 0.28;

export const firstProgram: Signal = {
  id: 'sign.first-program',
  title: 'The first program that was run',
  definition:
    'What the run found out, it found by code that an agent wrote for another one to run. The first such program decided ' +
    'how the task was gone about.',
  start: () => new FirstProgramObserver(),
};

class FirstProgramObserver implements SignalObserver {
  #author: number | undefined;
  #sign: Sign | undefined;

  step(step: Step): void {
    if (this.#sign !== undefined || !isAgents(step)) return;
    if (!runsOthersCode(step)) {
      if (step.label !== 'thought' && codeIn(spoken(step)).length > 0) this.#author = step.index;
    } else if (this.#author !== undefined) {
      const reason = 'The first program of the run was written here; what was found out rests on it.';
      this.#sign = { step: this.#author, weight: WEIGHT, reason };
    }
  }

  finish(): readonly Sign[] {
    return this.#sign === undefined ? [] : [this.#sign];
  }
}
