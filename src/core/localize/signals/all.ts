import type { EvaluationContext } from '../../evaluators/context.ts';
import type { Run, Step } from '../../trace/model.ts';
import { answerSource } from './answerSource.ts';
import { assumed } from './assumed.ts';
import { brokeOff } from './brokeOff.ts';
import { callAsText } from './callAsText.ts';
import { codeFailed } from './codeFailed.ts';
import { decisiveRequest } from './decisiveRequest.ts';
import { firstProgram } from './firstProgram.ts';
import { firstTurn } from './firstTurn.ts';
import { goAheadUnheeded } from './goAheadUnheeded.ts';
import { leftUnanswered } from './leftUnanswered.ts';
import { miscounted } from './miscounted.ts';
import { offGoal } from './offGoal.ts';
import { placeholderCode } from './placeholderCode.ts';
import { planDropped } from './planDropped.ts';
import { refused } from './refused.ts';
import { shutOut } from './shutOut.ts';
import type { Sign, Signal, SignalObserver } from './signal.ts';
import { statedFromNowhere } from './statedFromNowhere.ts';
import { unsureAnswer } from './unsureAnswer.ts';

/** Every signal. A new one is one file with its test, and one line here. */
export const SIGNALS: readonly Signal[] = [
  offGoal,
  brokeOff,
  leftUnanswered,
  codeFailed,
  statedFromNowhere,
  placeholderCode,
  assumed,
  answerSource,
  planDropped,
  firstProgram,
  firstTurn,
  callAsText,
  unsureAnswer,
  miscounted,
  shutOut,
  refused,
  decisiveRequest,
  goAheadUnheeded,
];

/** A sign and the id of the signal that gave it. */
export interface SignedSign extends Sign {
  readonly signal: string;
}

/** Has all signals look at a run's steps as they stream by. A signal that throws is left out from there on. */
export class Signs {
  #observers: { id: string; observer: SignalObserver }[];

  constructor(run: Run, signals: readonly Signal[] = SIGNALS) {
    this.#observers = signals.map(({ id, start }) => ({ id, observer: start(run) }));
  }

  step(step: Step, context: EvaluationContext): void {
    for (const one of this.#observers) {
      try {
        one.observer.step(step, context);
      } catch {
        this.#leaveOut(one);
      }
    }
  }

  finish(): SignedSign[] {
    const found: SignedSign[] = [];
    for (const one of this.#observers) {
      try {
        const signs = one.observer.finish();
        for (const sign of signs) found.push({ ...sign, signal: one.id });
      } catch {
        this.#leaveOut(one);
      }
    }
    return found;
  }

  /** In a new list: the old one is being walked through. */
  #leaveOut(one: { observer: SignalObserver }): void {
    this.#observers = this.#observers.filter((other) => other !== one);
  }
}
