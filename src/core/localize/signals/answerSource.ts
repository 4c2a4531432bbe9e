import { quoted } from '../../evaluators/shared/say.ts';
import { stepName } from '../../evaluators/shared/wording.ts';
import type { Run, Step } from '../../trace/model.ts';
import type { Sign, Signal, SignalObserver } from './signal.ts';
import { isAgents, runsOthersCode, spoken } from './speech.ts';
import { wordsOf } from './values.ts';

const WEIGHT = 0.28;
const MOST_WORDS = 200_000;
/** An answer of more words is a text, which nobody stated before. */
const LONGEST_ANSWER = 12;
const SHORTEST_WORD = 1;

export const answerSource: Signal = {
  id: 'sign.answer-source',
  title: 'The first step that states the final answer',
  definition:
    'The run failed, so its final answer is likely wrong; the first step of an agent that states it is where the wrong ' +
    'belief came up.',
  start: (run) => new AnswerSourceObserver(run),
};

class AnswerSourceObserver implements SignalObserver {
  /** Every word, and the first and the last step of an agent in which it stands. */
  readonly #stated = new Map<string, { first: number; last: number }>();
  readonly #asked: Set<string>;
  #answer: { step: number; text: string } | undefined;

  constructor({ goal = '' }: Run) {
    this.#asked = new Set(wordsOf(goal));
  }

  step(step: Step): void {
    if (!isAgents(step)) return;
    const text = spoken(step);
    if (runsOthersCode(step) || text.trim() === '') return;
    const answer = answerIn(text);
    if (answer !== undefined) this.#answer = { step: step.index, text: answer };
    for (const word of wordsOf(text)) {
      const known = this.#stated.get(word);
      if (known === undefined) {
        if (this.#stated.size < MOST_WORDS) this.#stated.set(word, { first: step.index, last: step.index });
      } else if (step.label !== 'thought' && step.kind !== 'final') known.last = step.index;
    }
  }

  finish(): readonly Sign[] {
    const answer = this.#answer;
    if (answer === undefined || GIVES_NONE.test(answer.text)) return [];
    const all = wordsOf(answer.text);
    const own = all.filter((word) => !this.#asked.has(word));
    const words = own.length > 0 ? own : all;
    if (words.length === 0 || words.length > LONGEST_ANSWER) return [];
    // A digit or a letter stands in many texts by chance: there the last place before the answer is its source.
    const byChance = words.every((word) => word.length <= SHORTEST_WORD);
    const places = words.map((word) => this.#stated.get(word) ?? { first: answer.step, last: answer.step });
    const step = Math.max(...places.map(({ first, last }) => (byChance ? last : first)));
    const reason =
      step === answer.step
        ? `The answer ${quoted(answer.text)} stands here for the first time.`
        : `The answer ${quoted(answer.text)} of ${stepName(answer.step)} is stated here before.`;
    return [{ step, weight: WEIGHT, reason }];
  }
}

const MARKED = /(?:final answer|<answer>|the answer is|answer:|\\boxed\{)\W*([^\n<}]{1,200})/gi;
const GIVES_NONE = /\b(?:unable|cannot|can't|could not|unknown|not (?:found|available|determined|possible))\b/i;

/** What a message marks as the answer: the last such mark. */
function answerIn(text: string): string | undefined {
  const marked = [...text.matchAll(MARKED)].at(-1)?.[1]?.trim();
  return marked === undefined || marked === '' ? undefined : marked;
}
