import type { Run, Target } from '../trace/model.ts';
import type { JsonObject } from '../util/json.ts';

/** A call that should have been made, with what is known of it. */
export interface ExpectedCall {
  /** Any of these tools is right; sentences name the first. */
  readonly tools: readonly [string, ...string[]];
  /** Absent where the reference does not say with what. */
  readonly arguments?: JsonObject;
  /** What an action on a user interface was aimed at. */
  readonly target?: Target;
  /** Whether the work is done with this call, where the reference tells. */
  readonly ends?: boolean;
}

/**
 * How the calls made must stand to those expected. `strict`: the same calls in the same order. `in-order`: all expected
 * ones in their order, others between them. `any-order`: the same calls in whatever order. `subset`: none but expected
 * ones. `superset`: all expected ones, in whatever order, others besides.
 */
export const ORDER_MODES = ['strict', 'in-order', 'any-order', 'subset', 'superset'] as const;
export type OrderMode = (typeof ORDER_MODES)[number];

/**
 * How the arguments made must stand to those expected. `facts`: equal, but for what a model words by itself (a summary, a
 * reason). `exact`: equal. `ignore`: not compared. `subset`: none but expected ones. `superset`: all expected ones.
 */
export const ARGUMENT_MODES = ['facts', 'exact', 'ignore', 'subset', 'superset'] as const;
export type ArgumentMode = (typeof ARGUMENT_MODES)[number];

/** What a run is compared with. */
export interface Reference {
  /** Where it comes from, in words that go into a sentence: `the trace's own expected calls`. */
  readonly from: string;
  readonly calls: readonly ExpectedCall[];
  /** Calls that must not be made; their arguments are compared as `superset`. */
  readonly forbidden?: readonly ExpectedCall[];
  readonly order: OrderMode;
  /** True when it names some calls and says nothing of others: then no call is too many. */
  readonly partial?: boolean;
  /** True when a task is done exactly if these changes were made, as benchmarks define it: then also if none was to be made. */
  readonly isWholeTask?: boolean;
  /** By tool; `*` holds for all others. What is not named is `facts`. */
  readonly argumentModes?: Readonly<Record<string, ArgumentMode>>;
}

/** The calls that the trace itself says should have been made; undefined when it says nothing of the kind. */
export function ownReference(run: Run): Reference | undefined {
  if (run.expectedActions === undefined) return undefined;
  const calls = run.expectedActions.map(
    ({ tool, arguments: args }): ExpectedCall => ({ tools: [tool], arguments: args }),
  );
  return { from: "the trace's own expected calls", calls, order: 'in-order', isWholeTask: true };
}
