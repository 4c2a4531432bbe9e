import type { Effect } from '../evaluators/effects.ts';
import type { VerdictStatus } from '../evaluators/verdict.ts';
import type { Json, JsonObject } from '../util/json.ts';

/** Version of the fixture's shape. A change of meaning raises it and adds a step in `upgrades`; old types stay frozen. */
export const FIXTURE_SCHEMA_VERSION = 2;
/** Version of the canonical JSON that hashes are made over. A mismatch says "re-record"; it never passes silently. */
export const NORMALISER_VERSION = 1;

export type FixtureMode = 'trace-check' | 'decision-point' | 'replay';

/** The test runners that tests are written for; each has its emitter. */
export type RunnerId = 'node-test' | 'vitest' | 'jest' | 'pytest';

/** How one argument value is compared. A bare JSON value in `arguments` means `exact`. */
export type ValueMatcher =
  | { readonly $match: 'exact'; readonly value: Json }
  | { readonly $match: 'subset'; readonly value: Json }
  | { readonly $match: 'superset'; readonly value: Json }
  | { readonly $match: 'oneOf'; readonly values: readonly Json[] }
  | { readonly $match: 'schema'; readonly schema: JsonObject }
  | { readonly $match: 'regex'; readonly pattern: string }
  | { readonly $match: 'number'; readonly value: number; readonly tolerance: number }
  | { readonly $match: 'ignore' };

/** Matchers by argument name; arguments that are not named don't matter. `{}` matches any call of the tool. */
export type ArgumentsMatcher = Readonly<Record<string, Json | ValueMatcher>>;

/** One thing that must hold of a run (trace-check, replay) or of the next decision (decision-point). */
export type Expectation =
  | {
      readonly kind: 'mustCall';
      readonly tool: string;
      readonly arguments: ArgumentsMatcher;
      /** Exactly so often; default: at least once. */
      readonly count?: number;
      /** Only a call before the first one of this tool counts; only a call after one. */
      readonly before?: string;
      readonly after?: string;
    }
  | {
      readonly kind: 'mustNotCall';
      readonly tool: string;
      readonly arguments: ArgumentsMatcher;
      /** How many such calls are right (default: none). */
      readonly count?: number;
      /** Only calls before the first one of this tool are wrong; only calls after one. */
      readonly before?: string;
      readonly after?: string;
    }
  | { readonly kind: 'mustAskBefore'; readonly tool: string }
  | { readonly kind: 'finalMustNotClaim'; readonly claim: string }
  | { readonly kind: 'maxSteps'; readonly count: number }
  | { readonly kind: 'maxRepeats'; readonly tool: string; readonly count: number }
  /** What an evaluator of Hindstep must say of the run. Needs `hindstep` where the test runs. */
  | { readonly kind: 'evaluator'; readonly id: string; readonly status: VerdictStatus };

/** One recorded tool call and its answer. */
export interface Recording {
  readonly tool: string;
  readonly arguments: JsonObject;
  /** `hashOf(arguments)` after redaction and without volatile pointers. */
  readonly argumentsHash: string;
  /** 0 for the first call with this tool and hash, 1 for the second. */
  readonly ordinal: number;
  readonly observation: Json;
  readonly isError: boolean;
  /** Calls that it answers besides the equal one. Without it only the equal one. */
  readonly match?: ArgumentsMatcher;
  /** What the tool does to the world. Only tools that `read` may ever be called live. */
  readonly effect?: Effect;
  /** Calls with the same number were made at once. Without it the call was made by itself. */
  readonly step?: number;
  /** What the user had said before it, beside the goal (default: nothing). */
  readonly turn?: number;
}

/** A message of the recorded prefix, in the shape of OpenAI chat messages (the widest understood). */
export interface FixtureMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string;
  readonly toolCalls?: readonly { readonly id: string; readonly name: string; readonly arguments: JsonObject }[];
  readonly toolCallId?: string;
}

export interface FixtureTool {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema?: JsonObject;
  /** As in a recording; for tools that were declared and not called. */
  readonly effect?: Effect;
}

export interface FixtureCall {
  readonly tool: string;
  readonly arguments: JsonObject;
}

/** A regression test's data: what was asked, what was seen, what went wrong, and what must hold from now on. */
export interface Fixture {
  readonly schemaVersion: typeof FIXTURE_SCHEMA_VERSION;
  readonly normaliserVersion: typeof NORMALISER_VERSION;
  readonly id: string;
  readonly title: string;
  readonly mode: FixtureMode;
  readonly source: {
    readonly fileName: string;
    readonly format: string;
    readonly run: string;
    readonly step: number;
    /** SHA-256 of the step's record bytes. */
    readonly sha256: string;
    readonly hindstep: string;
  };
  readonly goal: string;
  /** Up to, not including, the failing decision. */
  readonly messages: readonly FixtureMessage[];
  readonly tools: readonly FixtureTool[];
  readonly toolsDigest: string;
  readonly environment: { readonly state?: Json; readonly clock?: string; readonly seed?: number };
  /** Every call of the run in order, the failing step's too. */
  readonly recording: readonly Recording[];
  /**
   * What a call gets that was not recorded: the end of the run, an error that says so, or the answer of the real tool.
   * The last only for tools that read, whatever stands here.
   */
  readonly onMiss: 'error' | 'not-found' | 'live';
  /** Whether calls may come in any order (default), or must come in the recorded one up to the failing decision. */
  readonly order?: 'by-hash' | 'sequential';
  readonly failure: {
    /** Index into `recording` of the step's first call; for a step without calls, how many calls came before it. */
    readonly position: number;
    readonly calls: readonly FixtureCall[];
    /** The final text, when the failing step is a claim and not a call. */
    readonly message?: string;
    readonly verdict?: string;
    readonly reason: string;
  };
  /** What the person says should have happened; the proof's green half runs it. */
  readonly correction: { readonly calls: readonly FixtureCall[]; readonly message?: string };
  readonly expect: readonly Expectation[];
  /** Harder runs that the test asks of the agent as well. */
  readonly variants?: readonly FixtureVariant[];
  /** JSON pointers into a call's arguments that are ignored in matching. */
  readonly volatile: readonly string[];
  readonly redactions: readonly {
    readonly pointer: string;
    readonly rule: string;
    readonly placeholder: string;
    /** True for what was left standing there because somebody released it by name. */
    readonly released?: true;
  }[];
}

/** How a run is made harder than the recorded one, and what must hold then. */
export interface FixtureVariant {
  /** As a test asks for it: `timeout`. */
  readonly id: string;
  /** What is otherwise, to end a sentence: `purchase times out`. */
  readonly title: string;
  /** What stands in the fixture's place. */
  readonly changes: Pick<Fixture, 'goal' | 'messages' | 'recording' | 'expect'>;
}

/** One half of a proof: the generated test was run, and this is what came of it. */
export interface ProofRun {
  readonly expected: 'red' | 'green';
  readonly actual: 'red' | 'green' | 'error';
  /**
   * Which agent ran: the recorded run, the correction, the correction undone, or every change of the correction that an
   * assertion must notice (green when all are), and the agent of the workspace.
   */
  readonly agent: 'recorded' | 'corrected' | 'undone' | 'mutated' | 'adapter';
  /** The runner's own words, cut to 4,000 characters. */
  readonly output: string;
  /** ms */
  readonly duration: number;
}

export interface Proof {
  readonly proved: boolean;
  readonly runner: string;
  readonly command: string;
  readonly runs: readonly ProofRun[];
  /** The changes of the correction that the test was shown to notice, at least one for each assertion. */
  readonly mutations: readonly string[];
  /** Assertions that were left out because nothing could turn them red: one sentence each. */
  readonly dropped: readonly string[];
  /** One sentence: what was shown, or which half failed and why. */
  readonly sentence: string;
}
