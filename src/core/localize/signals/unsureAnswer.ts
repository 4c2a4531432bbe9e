import { quoted } from '../../evaluators/shared/say.ts';
import type { Step } from '../../trace/model.ts';
import { partsText } from '../../trace/stepText.ts';
import type { Sign, Signal, SignalObserver } from './signal.ts';
import { ends, isAgents } from './speech.ts';

const WEIGHT = 0.35;

export const unsureAnswer: Signal = {
  id: 'sign.unsure-answer',
  title: 'A final answer that is a guess by its own words',
  definition:
    'The last thing the agent says is that the answer could not be found or determined, or is only likely: what it had ' +
    'gathered did not carry an answer.',
  start: () => new UnsureAnswerObserver(),
};

class UnsureAnswerObserver implements SignalObserver {
  #last: Step | undefined;

  step(step: Step): void {
    if (isAgents(step)) this.#last = step;
  }

  finish(): readonly Sign[] {
    if (this.#last?.kind !== 'final') return [];
    const match = UNSURE.exec(ends(partsText(this.#last.message ?? [])));
    if (match === null) return [];
    return [
      { step: this.#last.index, weight: WEIGHT, reason: `The final answer is unsure of itself: ${quoted(match[0])}.` },
    ];
  }
}

const UNSURE =
  /[^.!?\n]{0,60}\b(?:likely|probably|not (?:explicitly|directly) \w+|(?:could|can|was|were|am|are)(?: ?not|n(?:'|’)t| unable to) (?:find|determine|be (?:determined|found|established))|based on (?:my|general) knowledge|no (?:direct|specific|explicit) (?:information|evidence|mention))\b[^.!?\n]{0,40}/i;
