import type { Step } from '../../trace/model.ts';
import { ownText } from '../../util/ownText.ts';
import { cut } from './wording.ts';

/** Helpers to put quotes and amounts into sentences for people. */

/** A text in one line and double quotes, cut to `length` characters. */
export function quoted(text: string, length = 80): string {
  return `"${cut(text, length)}"`;
}

/** The words of a text at a place, as findings hold them: verbatim, at most 200 characters. */
export function excerpt(text: string): string {
  return ownText(text, 0, 200);
}

/** What a stretch of steps took: tokens, USD and ms. Parts that no step records stay 0 and are not said. */
export class Spending {
  #tokens = 0;
  #cost = 0;
  #time = 0;

  add(step: Step): void {
    this.#tokens += step.tokens ?? 0;
    this.#cost += step.cost ?? 0;
    if (step.startTime !== undefined && step.endTime !== undefined && step.endTime >= step.startTime)
      this.#time += step.endTime - step.startTime;
    else for (const action of step.actions) this.#time += action.observation?.duration ?? 0;
  }

  /** `1,200 tokens, $0.03, 12 s`, or undefined when nothing was recorded. */
  toText(): string | undefined {
    const parts = [
      this.#tokens > 0 ? `${this.#tokens.toLocaleString('en-US')} tokens` : '',
      this.#cost > 0 ? usd(this.#cost) : '',
      this.#time > 0 ? durationText(this.#time) : '',
    ].filter((part) => part !== '');
    return parts.length > 0 ? parts.join(', ') : undefined;
  }
}

/** An amount of USD as people read it: `$0.03`, `$0.0042`, `$12.50`. */
export function usd(amount: number): string {
  return `$${amount > 0 && amount < 0.01 ? amount.toPrecision(2) : amount.toFixed(2)}`;
}

/** A duration in ms as people say it: `350 ms`, `12 s`, `4 min`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Math.round(ms / 100) / 10} s`;
  return `${Math.round(ms / 60_000)} min`;
}
