import { observationText } from '../../evaluators/shared/actions.ts';
import type { Run, Step } from '../../trace/model.ts';
import { partsText } from '../../trace/stepText.ts';
import type { Sign, Signal, SignalObserver } from './signal.ts';
import { ends, isAgents, isForeman, reportsWhatItSaw, runsOthersCode, spoken, withoutCode } from './speech.ts';
import { valuesIn, wordsOf } from './values.ts';

const IN_TEAM = 0.5;
/** A single agent may well answer from what it knows. */
const ALONE = 0.25;
/** Fewer values may be the agent's own arithmetic or wording. */
const FEWEST_VALUES = 2;
const MOST_KNOWN = 500_000;

export const statedFromNowhere: Signal = {
  id: 'sign.stated-from-nowhere',
  title: 'States values that stand nowhere before',
  definition:
    'An agent states numbers or names that stand in nothing said, asked or read before, as if they had been looked up. ' +
    'What follows rests on them. The first such statement counts, and more so where others build on it.',
  start: (run) => new StatedFromNowhereObserver(run),
};

class StatedFromNowhereObserver implements SignalObserver {
  readonly #known: Set<string>;
  /** Agents that report what they saw: what they state they may have seen. */
  readonly #readers = new Set<string | undefined>();
  readonly #agents = new Set<string>();
  /** Whether agents call tools themselves: then their calls are judged, and reading along is not worth its time. */
  #calls = false;
  #first = true;
  #sign: Sign | undefined;

  constructor({ goal = '' }: Run) {
    this.#known = new Set(wordsOf(goal));
  }

  step(step: Step): void {
    if (isAgents(step) && step.agent !== undefined) this.#agents.add(step.agent);
    if (step.actions.length > 0 && !runsOthersCode(step)) this.#calls = true;
    if (this.#sign !== undefined || this.#calls) return;
    const text = spoken(step);
    if (reportsWhatItSaw(text)) this.#readers.add(step.agent);
    if (isAgents(step) && this.#isStatement(step)) {
      // The first message of a team mostly hands over the task with all that is known of it.
      if (!this.#first) this.#look(step.index, text);
      this.#first = false;
    }
    if (this.#known.size > MOST_KNOWN) return;
    this.#learn(`${step.agent ?? ''}\n${text}`);
    this.#learn(partsText(step.kind === 'user' || step.kind === 'system' ? (step.message ?? []) : []));
    for (const action of step.actions) this.#learn(observationText(action));
  }

  /** A message of an agent to the others: no thought, no instruction, no report of what a tool showed. */
  #isStatement(step: Step): boolean {
    return step.actions.length === 0 && !isForeman(step) && !this.#readers.has(step.agent);
  }

  #learn(text: string): void {
    for (const word of wordsOf(ends(text))) this.#known.add(word);
  }

  #look(step: number, text: string): void {
    const values = [...valuesIn(withoutCode(text))].filter((value) =>
      wordsOf(value).some((word) => !this.#known.has(word)),
    );
    if (values.length < FEWEST_VALUES) return;
    const some = values.slice(0, 4).map((value) => `"${value}"`);
    this.#sign = {
      step,
      weight: ALONE,
      reason: `States ${some.join(', ')}${values.length > 4 ? ` and ${values.length - 4} more` : ''}, which nothing said or read before contains.`,
    };
  }

  finish(): readonly Sign[] {
    if (this.#sign === undefined) return [];
    return [this.#agents.size > 1 ? { ...this.#sign, weight: IN_TEAM } : this.#sign];
  }
}
