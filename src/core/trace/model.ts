import type { Json, JsonObject } from '../util/json.ts';

/**
 * The model that every format is read into and everything else works on.
 *
 * A trace is one opened document; it holds runs (trajectories); a run holds steps; a step is one decision of one agent
 * with its actions, and each action has the observation that answered it. Times are ms since the Unix epoch, durations
 * are ms, costs are USD, sizes and offsets are bytes. What a file does not record is absent, never a made-up default.
 */

/** A stretch of bytes `[start, end)` in one source; source 0 is the opened file, others are joined files. */
export interface ByteRange {
  readonly source: number;
  readonly start: number;
  readonly end: number;
}

/** Something that could not be read, or was read only after a repair. Nothing is dropped without one of these. */
export interface Problem {
  /** `error`: content is missing from the trace. `warning`: content was repaired. `note`: said for information. */
  readonly severity: 'error' | 'warning' | 'note';
  /** What was found, where, and what was done about it. A sentence. */
  readonly message: string;
  readonly range?: ByteRange;
  /** How many records of the file this problem stands for (0 when it stands for none). */
  readonly records: number;
}

export type StepKind = 'user' | 'system' | 'plan' | 'action' | 'approval' | 'final' | 'other';

/** Tokens as the provider counted them. */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cachedTokens?: number;
  readonly reasoningTokens?: number;
}

/**
 * The line of a step in the step list: all that lists, the timeline and stepping need, small and without the body.
 * Steps stand in the order in which they were decided; a nested step (a sub-agent's, in the same run) comes after its
 * parent and before the parent's next sibling, so that `[index + 1, end)` are a step's descendants.
 */
export interface StepRow {
  /** Position in the run, from 0. */
  readonly index: number;
  /** The format's own id of the step, unique within the run. */
  readonly id: string;
  readonly kind: StepKind;
  /** `agent.trajectory.step`, a graph node or another name the format gives to the step. */
  readonly label?: string;
  readonly agent?: string;
  /** Tools called in this step, in order. */
  readonly tools: readonly string[];
  /** Short text for the list (arguments of the first action, or the message), at most 160 characters, one line. */
  readonly preview: string;
  /** 0 for the run's own agent. */
  readonly depth: number;
  /** Index of the step that this one is nested under, or -1. */
  readonly parent: number;
  /** One past the index of the last descendant; `index + 1` when there is none. */
  readonly end: number;
  /** `error` when the format flags an error, `suspect-error` when only the text of an observation looks like one. */
  readonly status: 'ok' | 'error' | 'suspect-error' | 'unknown';
  readonly startTime?: number;
  readonly endTime?: number;
  /** Input plus output tokens. */
  readonly tokens?: number;
  readonly cost?: number;
  /** Ids of the runs (sub-agents) that this step started. */
  readonly childRuns: readonly string[];
  /** The records that make up the step, in file order. The body is built from these bytes and from nothing else. */
  readonly parts: readonly ByteRange[];
}

/**
 * The rows of a run, in order. An array of rows is one; so are rows that are kept packed and made when they are asked
 * for (see packedRows.ts), which is how an opened trace keeps them: go over them, don't collect them.
 */
export interface StepRows extends Iterable<StepRow> {
  readonly length: number;
  /** The row at a position, counted from the end when negative. */
  at(index: number): StepRow | undefined;
  slice(start?: number, end?: number): StepRow[];
  map<T>(make: (row: StepRow, index: number) => T): T[];
  filter(keeps: (row: StepRow, index: number) => boolean): StepRow[];
  find(holds: (row: StepRow, index: number) => boolean): StepRow | undefined;
  findIndex(holds: (row: StepRow, index: number) => boolean): number;
  findLast(holds: (row: StepRow, index: number) => boolean): StepRow | undefined;
  findLastIndex(holds: (row: StepRow, index: number) => boolean): number;
  some(holds: (row: StepRow, index: number) => boolean): boolean;
  flatMap<T>(make: (row: StepRow, index: number) => T | readonly T[]): T[];
}

export type ContentPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'json'; readonly value: Json }
  /** `data` is base64; `path` names a file beside the trace; a remote `url` is shown as text and never loaded. */
  | {
      readonly type: 'image';
      readonly mediaType: string;
      readonly data?: string;
      readonly path?: string;
      readonly url?: string;
    }
  | { readonly type: 'diff'; readonly text: string }
  | { readonly type: 'terminal'; readonly text: string };

export interface Observation {
  readonly content: readonly ContentPart[];
  /** True or false when the format says so or the text clearly does; absent when nothing tells. */
  readonly isError?: boolean;
  /** How `isError` is known: the format's own flag, an exit code, or only the observation's text. */
  readonly errorSource?: 'flag' | 'exit-code' | 'text';
  /** The format's name of the error: `timeout`, `permission`, an exception class. */
  readonly errorType?: string;
  readonly exitCode?: number;
  readonly duration?: number;
  /** Where it stands in the file, when in a record of its own. */
  readonly range?: ByteRange;
}

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

export interface Action {
  readonly tool: string;
  /** Parsed arguments; `{}` when the recorded text is no JSON object (then `rawArguments` holds it). */
  readonly arguments: JsonObject;
  /** Arguments as recorded when they stand as text in the file. */
  readonly rawArguments?: string;
  /** False when the file does not record arguments at all (content capture was off): nothing can be judged of them. */
  readonly argumentsRecorded: boolean;
  /** Why `rawArguments` is no JSON, when it is not. A sentence. */
  readonly argumentsProblem?: string;
  readonly callId?: string;
  readonly target?: Target;
  /** As annotated by the tool or the trace; what evaluators classify themselves is not stored here. */
  readonly effect?: 'read' | 'write' | 'irreversible';
  readonly approval?: Approval;
  readonly observation?: Observation;
  readonly startTime?: number;
  readonly endTime?: number;
}

export interface StateSnapshot {
  readonly before?: Json;
  readonly after?: Json;
}

/** One decision of one agent, with everything the file says about it. */
export interface Step extends StepRow {
  readonly thought?: string;
  /** What was said: the user's, the system's or the agent's text of this step. */
  readonly message?: readonly ContentPart[];
  readonly actions: readonly Action[];
  readonly state?: StateSnapshot;
  /** The screen the agent saw when it decided. */
  readonly screen?: ContentPart;
  readonly usage?: Usage;
  readonly model?: string;
  /** `stop`, `tool_calls`, `length`, `max_turns`, as recorded. */
  readonly finishReason?: string;
  /** The messages that the model was given at this step, where recorded. */
  readonly request?: Json;
  readonly approval?: Approval;
  /** What else the record says, for the Raw tab and for people. */
  readonly extra?: JsonObject;
}

export interface ToolDeclaration {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments. */
  readonly inputSchema?: JsonObject;
  /** MCP ToolAnnotations (`readOnlyHint`, `destructiveHint`, `idempotentHint`, `openWorldHint`). */
  readonly annotations?: JsonObject;
}

export interface Outcome {
  readonly status: 'passed' | 'failed' | 'unknown';
  /** As recorded: `submitted`, `exit_cost`, `max_turns`. */
  readonly reason?: string;
  /** The benchmark's or verifier's reward. */
  readonly reward?: number;
  /** Where the outcome comes from when not from the opened file (a sidecar's name). */
  readonly from?: string;
}

export interface Feedback {
  readonly kind: 'thumbs-up' | 'thumbs-down' | 'score' | 'comment';
  readonly name?: string;
  readonly value?: number;
  readonly comment?: string;
  readonly step?: number;
}

/** A call that the benchmark says should have been made; a reference for comparisons. */
export interface ExpectedAction {
  readonly tool: string;
  readonly arguments: JsonObject;
}

/** One trajectory without the bodies of its steps. */
export interface Run {
  /** Unique within the trace. */
  readonly id: string;
  readonly title: string;
  /** What was asked, at most 4,000 characters (the whole text is in the body of `goalStep`). */
  readonly goal?: string;
  readonly goalStep?: number;
  readonly agent?: string;
  readonly model?: string;
  /** Declared tools; absent when the trace declares none (then "undeclared" can't be judged). */
  readonly tools?: readonly ToolDeclaration[];
  readonly systemPrompt?: string;
  readonly steps: StepRows;
  readonly outcome?: Outcome;
  readonly feedback?: readonly Feedback[];
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
  /** How the run ended, as far as the file tells. */
  readonly ended?: 'final-answer' | 'limit' | 'crash' | 'interrupted' | 'escalated' | 'unknown';
}

/**
 * Where the records of all files of the trace went: `records = mapped + metadata + unmapped`, each record counted once.
 * A record is what the reader's layout selects, and also a document, a line of text or a torn end in which it selects
 * nothing. `mapped`: at least one step shows it (it is among the parts of a row). `metadata`: the reader used it for a run
 * or knows it to describe none, and it is in no step. `unmapped`: it was left out, and a problem stands for it; the
 * `records` of all problems add up to this.
 */
export interface Accounting {
  readonly records: number;
  readonly mapped: number;
  readonly metadata: number;
  readonly unmapped: number;
}

/** One opened document. */
export interface Trace {
  readonly format: string;
  readonly formatTitle: string;
  /** The writer's or schema's version where the file says one. */
  readonly version?: string;
  readonly runs: readonly Run[];
  readonly problems: readonly Problem[];
  readonly accounting: Accounting;
  /** Names of the files that make up the trace; 0 is the opened one. */
  readonly sources: readonly string[];
  /** Why each other file was joined: a sentence each. */
  readonly joined: readonly string[];
}
