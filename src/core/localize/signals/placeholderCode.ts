import { quoted } from '../../evaluators/shared/say.ts';
import type { Step } from '../../trace/model.ts';
import type { Sign, Signal, SignalObserver } from './signal.ts';
import { codeIn, isAgents, spoken } from './speech.ts';

const WEIGHT = 0.25;

export const placeholderCode: Signal = {
  id: 'sign.placeholder-code',
  title: 'Code with made-up data or placeholders',
  definition:
    'Code to be run holds a placeholder (a key, a path, an address to fill in) or data that it calls sample, mock or ' +
    'hypothetical: it can not give the answer that was asked for. The first time counts.',
  start: () => new PlaceholderCodeObserver(),
};

class PlaceholderCodeObserver implements SignalObserver {
  #sign: Sign | undefined;

  step(step: Step): void {
    if (this.#sign !== undefined || !isAgents(step) || step.actions.length > 0) return;
    const match = codeIn(spoken(step))
      .map((code) => PLACEHOLDER.exec(code))
      .find((found) => found !== null);
    if (match === undefined || match === null) return;
    this.#sign = {
      step: step.index,
      weight: WEIGHT,
      reason: `The code written here works on a placeholder or made-up data: ${quoted(match[0])}.`,
    };
  }

  finish(): readonly Sign[] {
    return this.#sign === undefined ? [] : [this.#sign];
  }
}

const PLACEHOLDER =
  /\bYOUR_[A-Z_]+|\byour[_-](?:api|key|token|path|file|subscription)\w*|<your[^>\n]{0,40}>|\bpath[/_]to[/_]\w*|\bexample\.(?:com|org)\b|\bplaceholder\w*|\b(?:sample|mock|dummy|fake|hypothetical|simulated|example) (?:data|values?|dataset|list|results?|response)\b/i;
