import { quoted } from '../../evaluators/shared/say.ts';
import type { Step } from '../../trace/model.ts';
import type { Sign, Signal, SignalObserver } from './signal.ts';
import { isAgents, spoken } from './speech.ts';

const WEIGHT = 0.6;

export const brokeOff: Signal = {
  id: 'sign.broke-off',
  title: 'The run broke off in an error',
  definition:
    'The last thing that an agent did ended in an exception of the program that runs it: nobody answered the task after that.',
  start: () => new BrokeOffObserver(),
};

class BrokeOffObserver implements SignalObserver {
  #last: { step: number; error: string | undefined } | undefined;

  step(step: Step): void {
    if (!isAgents(step)) return;
    const text = spoken(step);
    this.#last = { step: step.index, error: step.actions.length === 0 ? exceptionIn(text) : undefined };
  }

  finish(): readonly Sign[] {
    if (this.#last?.error === undefined) return [];
    return [
      {
        step: this.#last.step,
        weight: WEIGHT,
        reason: `The run broke off here in an error: ${quoted(this.#last.error)}.`,
      },
    ];
  }
}

/** The line of an exception with a stack trace in what an agent's program wrote beside the message. */
function exceptionIn(text: string): string | undefined {
  const start = text.lastIndexOf('Traceback (most recent call last)');
  if (start < 0) return undefined;
  const lines = text.slice(start).split('\n').slice(1);
  return (lines.find((line) => /^[\w.]*(?:Error|Exception|Interrupt)\b/.test(line)) ?? lines.at(-1) ?? '').trim();
}
