import type { EvaluationContext } from '../../evaluators/context.ts';
import { failed, isWrite } from '../../evaluators/shared/actions.ts';
import { quoted } from '../../evaluators/shared/say.ts';
import { stepName } from '../../evaluators/shared/wording.ts';
import type { Step } from '../../trace/model.ts';
import { partsText } from '../../trace/stepText.ts';
import type { Sign, Signal, SignalObserver } from './signal.ts';

const WEIGHT = 0.22;

export const decisiveRequest: Signal = {
  id: 'sign.decisive-request',
  title: 'The request behind the last change',
  definition:
    'In a talk with a user the last thing that was changed rests on the last message in which the user said what they ' +
    'wanted (a bare "yes" is passed over). Where nothing speaks against the agent, the request itself may be what went wrong.',
  start: () => new DecisiveRequestObserver(),
};

class DecisiveRequestObserver implements SignalObserver {
  #request: { step: number; text: string } | undefined;
  #behind: { request: { step: number; text: string }; write: number } | undefined;

  step(step: Step, context: EvaluationContext): void {
    if (step.kind === 'user') {
      const text = partsText(step.message ?? []);
      if (!isMereYes(text)) this.#request = { step: step.index, text };
      return;
    }
    const changed = step.actions.some((action) => isWrite(context.effectOf(action)) && !failed(action));
    if (changed && this.#request !== undefined) this.#behind = { request: this.#request, write: step.index };
  }

  finish(): readonly Sign[] {
    if (this.#behind === undefined) return [];
    const { request, write } = this.#behind;
    const reason = `What was changed in ${stepName(write)} was asked for here: ${quoted(request.text)}.`;
    return [{ step: request.step, weight: WEIGHT, reason }];
  }
}

const LONGEST_YES = 25;

/** True for a short message that only agrees to what the agent proposed. */
export function isMereYes(text: string): boolean {
  const words = text.split(/\s+/).filter((word) => word !== '').length;
  return words <= LONGEST_YES && YES.test(text);
}

const YES =
  /^\W*(?:(?:oh|um|uh|well|great|perfect|thanks?|thank you|okay|ok)\W+)*(?:yes|yeah|yep|yup|sure|ok(?:ay)?|correct|confirm(?:ed)?|absolutely|go ahead|please (?:go ahead|proceed)|that(?:'|’)s (?:right|correct|fine)|sounds good)\b/i;
