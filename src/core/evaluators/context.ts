import type { Action, Run } from '../trace/model.ts';

/** How an action changes the world. `unknown` is never treated as a write. */
export type Effect = 'read' | 'write' | 'irreversible' | 'unknown';

/** What evaluators may ask besides the steps that pass by. One for each run. */
export interface EvaluationContext {
  readonly run: Run;
  /** Effect class of an action: policy, tool annotations, arguments (HTTP, SQL, shell), then the verbs of its name. */
  effectOf(action: Action): Effect;
}
