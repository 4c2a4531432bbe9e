import type { Action, Step } from '../../trace/model.ts';
import { callKey } from './actions.ts';
import { branchOf } from './branch.ts';

/** Counts the repeated actions of a run: those whose tool and arguments occurred before in the same branch. */
export class Repeats {
  private readonly seen = new Set<string>();
  /** Actions whose arguments are recorded. */
  actions = 0;
  count = 0;

  /** The actions of a step that repeat one of an earlier step; the same call twice in one decision is fan-out. */
  add(step: Step): Action[] {
    const here = new Set<string>();
    const repeated = step.actions.filter((action) => {
      const call = callKey(action);
      if (call === undefined) return false;
      this.actions++;
      const key = `${branchOf(step)} ${call}`;
      const isNew = !here.has(key);
      here.add(key);
      return isNew && this.seen.has(key);
    });
    for (const key of here) this.seen.add(key);
    this.count += repeated.length;
    return repeated;
  }
}
