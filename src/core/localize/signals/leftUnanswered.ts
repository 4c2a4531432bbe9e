import type { Step } from '../../trace/model.ts';
import { partsText } from '../../trace/stepText.ts';
import type { Sign, Signal, SignalObserver } from './signal.ts';
import { isAgents, isForeman } from './speech.ts';

const WEIGHT = 0.25;

export const leftUnanswered: Signal = {
  id: 'sign.left-unanswered',
  title: 'The run ends in the middle of the work',
  definition:
    'One agent directs the others, and the last step is the work of one of them: whoever gave it out never took up what ' +
    'came of it, and nobody answered the task.',
  start: () => new LeftUnansweredObserver(),
};

class LeftUnansweredObserver implements SignalObserver {
  #foreman = false;
  #last: Step | undefined;

  step(step: Step): void {
    if (!isAgents(step)) return;
    if (isForeman(step)) this.#foreman = true;
    this.#last = step;
  }

  finish(): readonly Sign[] {
    const last = this.#last;
    if (
      last === undefined ||
      !this.#foreman ||
      isForeman(last) ||
      /\bfinal answer\b/i.test(partsText(last.message ?? []))
    )
      return [];
    return [
      {
        step: last.index,
        weight: WEIGHT,
        reason: 'The run ends here in the middle of the work: nobody took up what came of this step.',
      },
    ];
  }
}
