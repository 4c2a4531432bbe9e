import { quoted } from '../../evaluators/shared/say.ts';
import type { Step } from '../../trace/model.ts';
import { partsText } from '../../trace/stepText.ts';
import type { Sign, Signal, SignalObserver } from './signal.ts';
import { ends, isAgents } from './speech.ts';

const WEIGHT = 0.5;

export const callAsText: Signal = {
  id: 'sign.call-as-text',
  title: 'A call that was only written down',
  definition:
    'The agent wrote a tool call into its message, in the notation of some model, instead of making one: nothing was run. ' +
    'The first time counts.',
  start: () => new CallAsTextObserver(),
};

class CallAsTextObserver implements SignalObserver {
  #sign: Sign | undefined;

  step(step: Step): void {
    if (this.#sign !== undefined || !isAgents(step) || step.actions.length > 0) return;
    const match = CALL.exec(ends(partsText(step.message ?? [])));
    if (match === null) return;
    const reason = `Writes down a tool call instead of making one: ${quoted(match[0])}.`;
    this.#sign = { step: step.index, weight: WEIGHT, reason };
  }

  finish(): readonly Sign[] {
    return this.#sign === undefined ? [] : [this.#sign];
  }
}

const CALL = /<(?:tool_call|function_call|function=|invoke |tool_use)[^\n]{0,100}|\[TOOL_CALLS\][^\n]{0,100}/;
