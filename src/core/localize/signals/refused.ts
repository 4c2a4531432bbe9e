import { quoted } from '../../evaluators/shared/say.ts';
import type { Step } from '../../trace/model.ts';
import type { Sign, Signal, SignalObserver } from './signal.ts';
import { isAgents, spoken } from './speech.ts';

const WEIGHT = 0.2;

export const refused: Signal = {
  id: 'sign.refused',
  title: 'Refuses what the user asked for without trying',
  definition:
    'The agent tells the user that it can not do or find something, and had called no tool since the user asked: it ' +
    'decided so by itself. The first time counts.',
  start: () => new RefusedObserver(),
};

class RefusedObserver implements SignalObserver {
  #asked = false;
  #acted = false;
  #sign: Sign | undefined;

  step(step: Step): void {
    if (step.kind === 'user') {
      this.#asked = true;
      this.#acted = false;
    }
    if (!isAgents(step) || this.#sign !== undefined) return;
    if (step.actions.length > 0) this.#acted = true;
    else if (this.#asked && !this.#acted) {
      const match = REFUSES.exec(spoken(step));
      if (match === null) return;
      const reason = `Refuses without having tried anything: ${quoted(match[0])}.`;
      this.#sign = { step: step.index, weight: WEIGHT, reason };
    }
  }

  finish(): readonly Sign[] {
    return this.#sign === undefined ? [] : [this.#sign];
  }
}

const REFUSES =
  /\b(?:I|we)(?:(?:'|’)?m| am| are)? (?:can(?:'|’)t|cannot|can not|unable to|not able to)\b[^.!?\n]{0,100}/i;
