import type { Effect } from '../core/evaluators/effects.ts';
import type { Evaluation, Verdict } from '../core/evaluators/verdict.ts';
import type { Decline } from '../core/formats/declines.ts';
import type { RunQuestions } from '../core/judge/question.ts';
import type { ArgumentOrigin, ForwardUses } from '../core/provenance/origin.ts';
import type { Breakpoint, Stop } from '../core/stepper/breakpoints.ts';
import type { Cut } from '../core/trace/cutStep.ts';
import type { Accounting, ByteRange, Problem, Run, Step, StepRow } from '../core/trace/model.ts';
import type { TimelineBy } from '../core/trace/timeline.ts';
import type { Json } from '../core/util/json.ts';
import type { Result } from '../core/util/result.ts';
import type { JudgementSettings } from './judgementSettings.ts';
import type { ChatQuestion, Endpoint, EndpointModel } from './modelEndpoint.ts';

/**
 * What the worker does for one opened trace. The host calls it, and forwards to it what the webview asks. Credentials are
 * masked in the answers (`•••• (API key)`) unless `showSecrets` is true; ranges and cuts count in the text that is answered.
 */
export type TraceService = {
  /** Opens the file; must be called first. A file that is no trace answers `declined`; one that can't be read rejects. */
  open(argument: { path: string }): Promise<OpenAnswer>;
  /**
   * The file may have changed: reads on, or anew, and tells `changed` what came of it. `quiet`: it has not been written to
   * for some seconds, so what its end cuts off is broken and not just on its way.
   */
  refresh(argument: { quiet: boolean }): Promise<void>;
  /** Where in a run the step of this id stands now, looked for from `near` outward; undefined when it is no more. */
  indexOf(argument: { run: string; id: string; near: number }): Promise<number | undefined>;
  /** What is known of the opened trace without its rows. */
  summary(argument: Shown): Promise<TraceSummary>;
  /** Rows `[start, start + count)` of a run; fewer at the end. */
  rows(argument: { run: string; start: number; count: number } & Shown): Promise<StepRow[]>;
  /** A whole step; strings longer than `cutAt` characters are cut and listed in `cuts`. */
  step(argument: { run: string; step: number; cutAt: number } & Shown): Promise<StepView>;
  /** A stretch of one string of a step, for "show all": characters `[start, start + count)`. */
  text(argument: { run: string; step: number; pointer: string; start: number; count: number } & Shown): Promise<string>;
  /**
   * Where the lines of one string of a step start, in UTF-16 units and 4 bytes each, little-endian; nothing when there are
   * too many to say. For a text that is too long to be sent: it is shown by `text`, a stretch at a time.
   */
  lines(argument: { run: string; step: number; pointer: string } & Shown): Promise<Uint8Array>;
  /** The records of a step, verbatim, each cut at `cutAt` characters. */
  raw(argument: { run: string; step: number; cutAt: number } & Shown): Promise<RawView[]>;
  /** A stretch of one of these records, as `text` answers one of a string. */
  rawText(argument: { run: string; step: number; part: number; start: number; count: number } & Shown): Promise<string>;
  /** Where the lines of one of these records start, as `lines` answers it. */
  rawLines(argument: { run: string; step: number; part: number } & Shown): Promise<Uint8Array>;
  /**
   * How runs are judged from now on; what was judged before is forgotten. Answers what of the settings could not be
   * understood, in sentences.
   */
  configure(argument: JudgementSettings): Promise<string[]>;
  /**
   * Evaluates one run (cached), streaming past its steps once. Where programs of the workspace judge too, it answers what
   * is known before them, and `judged` tells when there is more; with `whole` it waits for all.
   */
  evaluate(argument: { run: string; whole?: boolean } & Shown): Promise<RunEvaluation>;
  /** The nearest step after (or before) `from` that a breakpoint or failure stops at. */
  continue(argument: ContinueRequest): Promise<StopAnswer>;
  /**
   * Steps whose text holds `query` (case-insensitive), nearest first from `from` round the end, in full text of all
   * parts. What is masked is not found. Answers after a moment with what was found until then: ask again with `done`.
   */
  find(argument: FindRequest): Promise<FindAnswer>;
  /**
   * Indexes of the steps from `from` on that a filter keeps. Syntax: `tool:bash status:fail agent:planner kind:user text`,
   * or CEL after `=`. Answers after a moment with what was looked at until then: ask again from `next`.
   */
  filter(argument: { run: string; filter: string; from: number }): Promise<FilterAnswer>;
  /** The outermost steps that have steps inside, ascending: index and `end` of each, 4 bytes each, little-endian. */
  folds(argument: { run: string }): Promise<Uint8Array>;
  /** The steps of a run as far as a picture of so many columns shows them. */
  timeline(argument: TimelineRequest): Promise<TimelineAnswer>;
  /** Values of CEL expressions at a step. */
  watch(argument: { run: string; step: number; expressions: string[] } & Shown): Promise<WatchValue[]>;
  /** Whether an expression can be a condition; the sentence says what is wrong with it. */
  checkCondition(argument: { expression: string }): Promise<{ problem?: string }>;
  /** Where each leaf of each argument of a step came from. */
  provenance(argument: { run: string; step: number } & Shown): Promise<ArgumentOrigin[]>;
  /** Which later arguments took the values of a step, of its observations and its arguments. */
  laterUses(argument: { run: string; step: number } & Shown): Promise<ForwardUses>;
  /** What a model would be asked about a run. Nothing is sent. */
  judgeQuestions(argument: { run: string }): Promise<RunQuestions>;
  /** The model that an endpoint has, or the one of it that is wanted. */
  endpointModel(argument: { endpoint: Endpoint; model?: string }): Promise<Result<EndpointModel>>;
  /** Sends one question to an endpoint: only when the person has agreed to just that. */
  askEndpoint(argument: { endpoint: Endpoint; model: string; question: ChatQuestion }): Promise<Result<string>>;
  /** Takes in what a model found in a run: it is part of the run's evaluations until the trace changes. */
  addVerdicts(argument: { run: string; verdicts: Verdict[] }): Promise<void>;
  /** 1-based lines and columns (UTF-16) of byte ranges in the opened file, for editors and the Problems panel. */
  positions(argument: { ranges: ByteRange[] }): Promise<TextRange[]>;
};

/** Whether credentials are answered as they stand in the file. */
export interface Shown {
  readonly showSecrets?: boolean;
}

/** What the worker tells the host without being asked. */
export type TraceEvents = {
  progress(argument: Progress): void;
  /** There is more of the trace, or another: everything known of its steps is void. */
  changed(argument: TraceChange): void;
  /** A run that was evaluated is judged by more now: ask again. */
  judged(argument: { run: string }): void;
};

/** How much of a file is read, in bytes. */
export interface Reading {
  readonly done: number;
  readonly total: number;
}

export interface TraceChange {
  readonly answer: OpenedAnswer;
  /** Why there is another content, when a person should know. A sentence. */
  readonly note?: string;
}

export interface Progress {
  readonly task: 'open' | 'evaluate' | 'continue' | 'judge';
  readonly done: number;
  readonly total: number;
  readonly unit: 'bytes' | 'steps';
}

export type OpenAnswer = OpenedAnswer | { readonly status: 'declined'; readonly decline: Decline };

export interface OpenedAnswer {
  readonly status: 'opened';
  readonly summary: TraceSummary;
  /** While the file is still being read: there are steps already, and more will come. */
  readonly reading?: Reading;
  /** Set when the file is being written on. */
  readonly live?: true;
}

/** A trace without rows. */
export interface TraceSummary {
  readonly format: string;
  readonly formatTitle: string;
  readonly version?: string;
  readonly fileName: string;
  readonly size: number;
  readonly runs: readonly RunSummary[];
  readonly problems: readonly Problem[];
  readonly accounting: Accounting;
  readonly joined: readonly string[];
}

/** A run with the number of its steps in place of the steps. */
export type RunSummary = Omit<Run, 'steps'> & { readonly stepCount: number };

export type { Cut } from '../core/trace/cutStep.ts';

export interface StepView {
  readonly step: Step;
  readonly cuts: readonly Cut[];
  /** What is known of each action besides what the trace says, in the order of the actions. */
  readonly calls: readonly CallNote[];
}

export interface CallNote {
  readonly effect: Effect;
  /** By what the effect was told, to end a sentence: `its command runs rm`. */
  readonly because: string;
  /** The nearest earlier step that called the same tool. */
  readonly previous?: number;
}

/** All that evaluation finds out about a run. */
export interface RunEvaluation extends Evaluation {
  /** Steps with an action that changes something, and among them those that can't be undone; ascending. */
  readonly writing: readonly number[];
  readonly irreversible: readonly number[];
}

export interface RawView {
  readonly range: ByteRange;
  readonly sourceName: string;
  readonly text: string;
  /** Characters in the whole record. */
  readonly length: number;
}

export type { Breakpoint } from '../core/stepper/breakpoints.ts';

export interface ContinueRequest extends Shown {
  readonly run: string;
  readonly from: number;
  readonly direction: 'forward' | 'backward';
  readonly breakpoints: readonly Breakpoint[];
  /** Stop also at steps with a failing finding or a recorded error. */
  readonly stopAtFailures: boolean;
}

/** Where to stop: a step, or the run's last (first) step when nothing stopped it. */
export type StopAnswer = Stop;

export interface FindRequest extends Shown {
  readonly run: string;
  readonly query: string;
  readonly from: number;
  /** How many steps from `from` on were searched already. */
  readonly done: number;
  readonly limit: number;
}

export interface FindAnswer {
  readonly hits: readonly FindHit[];
  /** How many steps from `from` on are searched now; all of the run's at the end. */
  readonly done: number;
  /** True when there are more than `limit`; the search ended there. */
  readonly more: boolean;
}

export interface FindHit {
  readonly step: number;
  /** JSON pointer to the string that holds the hit. */
  readonly pointer: string;
  /** Where the hit starts in that string, in UTF-16 units. */
  readonly position: number;
  /** At most 120 characters around the hit. */
  readonly excerpt: string;
  /** Where the hit starts in `excerpt`. */
  readonly at: number;
}

export type FilterAnswer =
  | {
      readonly ok: true;
      /** Ascending, 4 bytes each, little-endian: a million numbers as JSON would hold up the extension host. */
      readonly steps: Uint8Array;
      /** The first step that was not looked at; the number of steps at the end. */
      readonly next: number;
      /** False when the filter asks for failures and evaluation is under way: only recorded errors count yet. */
      readonly judged: boolean;
    }
  | { readonly ok: false; readonly problem: string };

export interface TimelineRequest {
  readonly run: string;
  readonly by: TimelineBy;
  /** The part of the domain that is drawn; the whole when absent. */
  readonly stretch?: { readonly from: number; readonly to: number };
  readonly columns: number;
}

export interface TimelineAnswer {
  /** What was laid out: steps also where time was asked for and none is recorded. */
  readonly by: TimelineBy;
  readonly hasTime: boolean;
  /** Length of the domain: steps, or ms. */
  readonly domain: number;
  readonly lanes: readonly string[];
  /** Four numbers for each step, ascending: index, lane × 4 + tone, start and end in the domain. 8 bytes each. */
  readonly cells: Uint8Array;
}

export type WatchValue =
  | { readonly expression: string; readonly ok: true; readonly value: Json }
  | { readonly expression: string; readonly ok: false; readonly problem: string };

export type { ArgumentOrigin, ForwardUse, ForwardUses, LaterUse, OriginPlace } from '../core/provenance/origin.ts';

/** 1-based line and column of both ends, columns in UTF-16 units. */
export interface TextRange {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}
