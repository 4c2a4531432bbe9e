import type { Action } from '../../trace/model.ts';
import type { EvaluationContext } from '../context.ts';
import { callKey, failed, isWrite } from './actions.ts';

/**
 * Counts how often the world has probably changed: with each write that worked, and with each new call of a tool whose
 * effect is unknown. A call that is repeated while the version stands still had no reason to be repeated. An unknown
 * effect counts here because a loop must not be claimed where something may have moved.
 */
export class Progress {
  #version = 0;
  readonly #seen = new Set<string>();

  constructor(private readonly context: EvaluationContext) {}

  get version(): number {
    return this.#version;
  }

  /** Takes note of an action after it was judged; answers the version that holds from then on. */
  note(action: Action): number {
    if (failed(action)) return this.#version;
    const effect = this.context.effectOf(action);
    if (!isWrite(effect)) {
      if (effect === 'read') return this.#version;
      const key = callKey(action) ?? action.tool;
      if (this.#seen.has(key)) return this.#version;
      this.#seen.add(key);
    }
    this.#version++;
    return this.#version;
  }
}
