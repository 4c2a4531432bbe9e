import { quoted } from '../../evaluators/shared/say.ts';
import type { Step } from '../../trace/model.ts';
import { partsText } from '../../trace/stepText.ts';
import type { Sign, Signal, SignalObserver } from './signal.ts';
import { ends, isAgents } from './speech.ts';

/** Little by itself: the user may have agreed to what can't be done. */
const WEIGHT = 0.08;
const MOST = 20;

export const goAheadUnheeded: Signal = {
  id: 'sign.go-ahead-unheeded',
  title: 'The user said to go ahead, and nothing was called',
  definition:
    'The user told the agent to do something or agreed to it in so many words, and until the user spoke again, or to the ' +
    'end, the agent called no tool: it asked once more, refused, or only said that it was done. In runs with tools only.',
  start: () => new GoAheadObserver(),
};

class GoAheadObserver implements SignalObserver {
  /** What the user said last, when it was to go ahead and no tool was called since; and the agent's step after it. */
  #open: { step: number; words: string; answer?: number } | undefined;
  #hasTools = false;
  readonly #signs: Sign[] = [];

  step(step: Step): void {
    if (step.kind === 'user') {
      this.#close();
      const words = GO_AHEAD.exec(ends(partsText(step.message ?? [])))?.[0];
      if (words !== undefined) this.#open = { step: step.index, words };
    } else if (isAgents(step)) {
      if (step.actions.length > 0) {
        this.#hasTools = true;
        this.#open = undefined;
      } else if (this.#open !== undefined) this.#open.answer ??= step.index;
    }
  }

  #close(): void {
    if (this.#open === undefined) return;
    const { step, words, answer = step } = this.#open;
    this.#open = undefined;
    if (this.#signs.length === MOST) return;
    const reason = `The user said ${quoted(words)}, and no tool was called after it.`;
    this.#signs.push({ step: answer, weight: WEIGHT, reason });
  }

  finish(): readonly Sign[] {
    this.#close();
    return this.#hasTools ? this.#signs : [];
  }
}

const GO_AHEAD =
  /\b(?:go ahead|please (?:proceed|do|issue|cancel|book|add|make|change|update|process|send|remove)|proceed with|let(?:'|’)s (?:do|go|proceed)|yes,? please|I confirm|I(?:'|’)d like to proceed)\b[^.!?\n]{0,60}/i;
