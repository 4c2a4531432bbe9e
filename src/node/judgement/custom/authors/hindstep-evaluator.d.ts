// hindstep-evaluator 1: the types of custom evaluators, written by Hindstep. A newer Hindstep may write it anew.
//
// A custom evaluator is a file `NAME.evaluator.ts` (or .mjs, .js) that exports `id`, `title`, `summary` and `evaluate`.
// It runs in a process of its own with limits of time and memory, and sees the steps of one run stream past once.

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** Judges one run. It may answer at once or later, with one verdict or with several that each have a `name`. */
export type Evaluate = (
  run: Run,
  context: Context,
) => Verdict | readonly NamedVerdict[] | Promise<Verdict | readonly NamedVerdict[]>;

export interface Verdict {
  /** `pass` only when there was something to check; `na` (not applicable) when there was nothing to judge by. */
  readonly status: 'pass' | 'fail' | 'warn' | 'na';
  /** From 0 to 1, 1 is good; null or absent when there is no sensible number. */
  readonly score?: number | null;
  /** One sentence: why. */
  readonly reason: string;
  /** The steps to look at. */
  readonly findings?: readonly Finding[];
}

export interface NamedVerdict extends Verdict {
  /** Goes behind the evaluator's id: `refunds` and `amount` are shown as `refunds.amount`. */
  readonly name: string;
}

export interface Finding {
  /** Index of the step to fix, from 0. */
  readonly step: number;
  /** JSON pointer into that step, `/actions/0/arguments/order_id`; absent for the step as a whole. */
  readonly pointer?: string;
  /** One sentence: what is wrong here. */
  readonly message: string;
  readonly evidence?: readonly StepPlace[];
  readonly expected?: string;
  readonly actual?: string;
  /** `likely` unless told. */
  readonly confidence?: 'certain' | 'likely' | 'heuristic';
  /** `error` in a verdict that fails, `warning` in one that warns, unless told. */
  readonly severity?: 'error' | 'warning' | 'information';
}

/** A place in a run: a step, and optionally a JSON pointer into it. */
export interface StepPlace {
  readonly step: number;
  readonly pointer?: string;
  /** The words at that place, verbatim, at most 200 characters. */
  readonly quote?: string;
}

/** What else is known when a run is judged. */
export interface Context {
  /** What the built-in evaluators said of the run. */
  readonly verdicts: readonly BuiltInVerdict[];
}

export interface BuiltInVerdict {
  /** Id of the evaluator: `action.tool-failed`. */
  readonly evaluator: string;
  readonly status: 'pass' | 'fail' | 'warn' | 'na' | 'error';
  readonly score: number | null;
  readonly reason: string;
  readonly findings: readonly (Finding & Required<Pick<Finding, 'pointer' | 'evidence' | 'confidence' | 'severity'>>)[];
}

/** One trajectory. What the trace does not record is absent. Times are ms since the Unix epoch, costs are USD. */
export interface Run {
  readonly id: string;
  readonly title: string;
  /** What was asked, at most 4,000 characters. */
  readonly goal?: string;
  readonly goalStep?: number;
  readonly agent?: string;
  readonly model?: string;
  /** Declared tools; absent when the trace declares none. */
  readonly tools?: readonly ToolDeclaration[];
  readonly systemPrompt?: string;
  readonly stepCount: number;
  /** The steps, read when they are asked for. They can be gone over once; `[...run.steps]` keeps them all. */
  readonly steps: Iterable<Step>;
  readonly outcome?: Outcome;
  readonly feedback?: readonly Feedback[];
  /** Calls that should have been made, where the trace says. */
  readonly expectedActions?: readonly ExpectedAction[];
  readonly usage?: Usage;
  readonly cost?: number;
  readonly startTime?: number;
  readonly endTime?: number;
  /** The run and step that started this one, for sub-agents. */
  readonly parentRun?: string;
  readonly parentStep?: number;
  /** Keys by which rates are grouped: model, agent, prompt version, route. */
  readonly cohort?: Readonly<Record<string, string>>;
  readonly ended?: 'final-answer' | 'limit' | 'crash' | 'interrupted' | 'escalated' | 'unknown';
}

/** One decision of one agent. */
export interface Step {
  /** Position in the run, from 0. */
  readonly index: number;
  /** The trace's own id of the step. */
  readonly id: string;
  readonly kind: 'user' | 'system' | 'plan' | 'action' | 'approval' | 'final' | 'other';
  readonly label?: string;
  readonly agent?: string;
  /** Tools called in this step, in order. */
  readonly tools: readonly string[];
  /** Short text, at most 160 characters, one line. */
  readonly preview: string;
  /** 0 for the run's own agent. */
  readonly depth: number;
  /** Index of the step that this one is nested under, or -1. */
  readonly parent: number;
  /** One past the index of the last step nested under this one. */
  readonly end: number;
  /** `error` when the trace says so, `suspect-error` when only the text of an observation looks like one. */
  readonly status: 'ok' | 'error' | 'suspect-error' | 'unknown';
  readonly startTime?: number;
  readonly endTime?: number;
  /** Input plus output tokens. */
  readonly tokens?: number;
  readonly cost?: number;
  /** Ids of the runs (sub-agents) that this step started. */
  readonly childRuns: readonly string[];
  /** The bytes of the file that make up the step. */
  readonly parts: readonly ByteRange[];
  readonly thought?: string;
  /** What was said: the user's, the system's or the agent's text of this step. */
  readonly message?: readonly ContentPart[];
  readonly actions: readonly Action[];
  readonly state?: { readonly before?: Json; readonly after?: Json };
  /** The screen the agent saw when it decided. */
  readonly screen?: ContentPart;
  readonly usage?: Usage;
  readonly model?: string;
  /** `stop`, `tool_calls`, `length`, `max_turns`, as recorded. */
  readonly finishReason?: string;
  /** The messages that the model was given at this step, where recorded. */
  readonly request?: Json;
  readonly approval?: Approval;
  /** What else the record says. */
  readonly extra?: JsonObject;
}

export interface Action {
  readonly tool: string;
  readonly arguments: JsonObject;
  /** Arguments as recorded when they stand as text in the file. */
  readonly rawArguments?: string;
  /** False when the file does not record arguments at all: nothing can be judged of them. */
  readonly argumentsRecorded: boolean;
  /** Why `rawArguments` is no JSON, when it is not. */
  readonly argumentsProblem?: string;
  readonly callId?: string;
  readonly target?: Target;
  /** How it changes the world, as recorded or as told by policy, tool, arguments or name; absent when nothing tells. */
  readonly effect?: 'read' | 'write' | 'irreversible';
  readonly approval?: Approval;
  readonly observation?: Observation;
  readonly startTime?: number;
  readonly endTime?: number;
}

export interface Observation {
  readonly content: readonly ContentPart[];
  /** Absent when nothing tells. */
  readonly isError?: boolean;
  /** How `isError` is known. */
  readonly errorSource?: 'flag' | 'exit-code' | 'text';
  readonly errorType?: string;
  readonly exitCode?: number;
  readonly duration?: number;
  readonly range?: ByteRange;
}

export type ContentPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'json'; readonly value: Json }
  | {
      readonly type: 'image';
      readonly mediaType: string;
      readonly data?: string;
      readonly path?: string;
      readonly url?: string;
    }
  | { readonly type: 'diff'; readonly text: string }
  | { readonly type: 'terminal'; readonly text: string };

/** What a user-interface action was aimed at. Coordinates are pixels of the screenshot. */
export interface Target {
  readonly element?: string;
  /** The element that was there when the action was executed, where the trace says that it was another one. */
  readonly found?: string;
  readonly role?: string;
  readonly url?: string;
  readonly x?: number;
  readonly y?: number;
  readonly box?: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

export interface Approval {
  readonly decision: 'requested' | 'approved' | 'rejected' | 'modified' | 'auto';
  readonly by?: string;
  /** The arguments that were approved, when recorded. */
  readonly arguments?: JsonObject;
  readonly feedback?: string;
}

export interface ToolDeclaration {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments. */
  readonly inputSchema?: JsonObject;
  /** MCP ToolAnnotations. */
  readonly annotations?: JsonObject;
}

export interface Outcome {
  readonly status: 'passed' | 'failed' | 'unknown';
  readonly reason?: string;
  readonly reward?: number;
  readonly from?: string;
}

export interface Feedback {
  readonly kind: 'thumbs-up' | 'thumbs-down' | 'score' | 'comment';
  readonly name?: string;
  readonly value?: number;
  readonly comment?: string;
  readonly step?: number;
}

export interface ExpectedAction {
  readonly tool: string;
  readonly arguments: JsonObject;
}

export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cachedTokens?: number;
  readonly reasoningTokens?: number;
}

export interface ByteRange {
  /** 0 is the opened file. */
  readonly source: number;
  readonly start: number;
  readonly end: number;
}
