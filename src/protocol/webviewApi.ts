import type { FixtureCall, FixtureMode, Proof, RunnerId } from '../core/regression/fixture.ts';
import type { VariantBasis } from '../core/regression/variants/obstacles.ts';
import type { JsonObject } from '../core/util/json.ts';
import type { Breakpoint, OpenAnswer, Progress, TraceChange, TraceService } from './traceService.ts';

/**
 * What the webview may ask of the host: all of the trace service (the host forwards to the worker, and says whether
 * credentials are shown in this view), and what only VS Code can do.
 */
export type HostApi = Omit<
  TraceService,
  'open' | 'refresh' | 'summary' | 'configure' | 'judgeQuestions' | 'endpointModel' | 'askEndpoint' | 'addVerdicts'
> & {
  /** The webview is up; the answer is all that it needs to draw its first frame. */
  ready(argument: Record<string, never>): Promise<FirstFrame>;
  /** The cursor moved: for the status bar and deep links. */
  moved(argument: { run: string; step: number; sentence: string }): void;
  /** Masks credentials in this view from now on, or no longer. The view reads everything again. */
  showSecrets(argument: { shown: boolean }): Promise<FirstFrame>;
  setBreakpoints(argument: { breakpoints: Breakpoint[] }): void;
  /** Opens the file as text with the step's bytes selected. */
  revealInJson(argument: { run: string; step: number; part: number }): Promise<void>;
  copy(argument: { text: string }): Promise<void>;
  /** Opens the file in the text editor, for a file that is no trace or can't be shown as one. */
  openAsText(argument: Record<string, never>): Promise<void>;
  /** Opens the trace anew after a failure; what comes of it is told by `reopened`. */
  reopen(argument: Record<string, never>): Promise<void>;
  /** What the dialog "Generate regression test" starts from. */
  draftTest(argument: { run: string; step: number }): Promise<TestDraft>;
  /** Builds, redacts, proves and writes (or says what stands in the way). May take as long as the runner does. */
  generateTest(argument: TestRequest): Promise<TestOutcome>;
  /** Shows the rule that would have held the step back, and writes it with a check and a test when the person agrees. */
  generateGuardrail(argument: { run: string; step: number }): Promise<void>;
  /** Opens a written file beside the trace. */
  openFile(argument: { path: string }): Promise<void>;
  /** Opens a text diff of two observations. */
  showDiff(argument: { title: string; left: string; right: string }): Promise<void>;
};

/** What the host tells the webview. */
export type WebviewApi = {
  /** A VS Code command was run while this editor was active. */
  command(argument: { name: ViewCommand }): void;
  goTo(argument: { run: string; step: number }): void;
  /** The file was read again because its reader had died or a person asked for it, or holds a trace only now. */
  reopened(argument: FirstFrame): void;
  /** More of the file was read, or it was written on, or anew. The cursor stays at its step. */
  changed(argument: TraceChange): void;
  progress(argument: Progress): void;
  /** Runs are to be judged anew: there is more to judge by. */
  judgeAgain(argument: Record<string, never>): void;
  /** Generating a test got on: one line for the dialog's log. */
  proofProgress(argument: { line: string }): void;
};

/** Everything that a VS Code command can make the view do. */
export type ViewCommand =
  | 'restart'
  | 'stepOver'
  | 'stepInto'
  | 'stepOut'
  | 'stepBack'
  | 'continue'
  | 'reverseContinue'
  | 'toggleBreakpoint'
  | 'addConditionalBreakpoint'
  | 'nextFinding'
  | 'previousFinding'
  | 'goToSuspect'
  | 'pickRun'
  | 'find'
  | 'filter'
  | 'generateTest'
  | 'revealInJson'
  | 'toggleSecrets'
  | 'showKeys';

/** What came of opening the file, also when its reader had no answer. */
export type FileAnswer = OpenAnswer | { readonly status: 'failed'; readonly failure: OpenFailure };

/** Why there is nothing to show of a file that may well be a trace; trying again may help. */
export interface OpenFailure {
  /** The file could not be read, or whoever reads it stopped. */
  readonly what: 'unreadable' | 'stopped';
  readonly sentence: string;
}

export interface FirstFrame {
  readonly answer: FileAnswer;
  readonly breakpoints: readonly Breakpoint[];
  readonly trusted: boolean;
  readonly secretsShown: boolean;
  /** Where a deep link or a command wants the cursor. */
  readonly goTo?: { readonly run: string; readonly step: number };
}

/** A way in which the person says the step should have gone. */
export type Correction =
  /** The recorded call, or calls like it, must not be made. */
  | { readonly kind: 'forbid'; readonly tool: string; readonly arguments: JsonObject }
  /** The same call with other arguments. */
  | { readonly kind: 'edit'; readonly tool: string; readonly arguments: JsonObject }
  /** Another call must be made instead (or before the final answer). */
  | { readonly kind: 'require'; readonly tool: string; readonly arguments: JsonObject }
  /** The user must be asked before any call of the tool. */
  | { readonly kind: 'askFirst'; readonly tool: string }
  /** The final answer must not say so. */
  | { readonly kind: 'mustNotClaim'; readonly claim: string };

export type { RunnerId } from '../core/regression/fixture.ts';

/** The agent under test: a module or a Python file and the name of the callable in it. */
export interface AgentReference {
  /** Path relative to the workspace folder, with `/`. */
  readonly path: string;
  readonly name: string;
}

/** A runner, whether it can be used here and why, and where it would look for the test. */
export interface RunnerChoice {
  readonly id: RunnerId;
  readonly available: boolean;
  readonly why: string;
  /** Folder relative to the workspace folder, with `/`. */
  readonly folder: string;
  /** Name of the test file, as this runner finds it. */
  readonly fileName: string;
}

export interface TestDraft {
  readonly title: string;
  readonly calls: readonly FixtureCall[];
  /** Whether an equal call was made before: to forbid it is to forbid it once more. */
  readonly isRepeat: boolean;
  /** What the step says, when it calls nothing. */
  readonly message?: string;
  /** Runners with what speaks for or against them; the first one that is available is the default. */
  readonly runners: readonly RunnerChoice[];
  readonly modes: readonly { readonly id: FixtureMode; readonly available: boolean; readonly why: string }[];
  /** Corrections to start from, best first, each with a sentence. */
  readonly corrections: readonly { readonly correction: Correction; readonly why: string }[];
  /** Files of the workspace that look like the agent. */
  readonly agents: readonly AgentReference[];
  readonly tools: readonly string[];
  /** What decides which harder runs can be asked for. */
  readonly variantBasis: VariantBasis;
  readonly redactions: readonly { readonly rule: string; readonly placeholder: string }[];
  /** Set when no test can be made of this step, with the reason. */
  readonly impossible?: string;
}

export interface TestRequest {
  readonly run: string;
  readonly step: number;
  readonly runner: RunnerId;
  readonly mode: FixtureMode;
  readonly correction: Correction;
  readonly agent?: AgentReference;
  readonly title: string;
  readonly fileName: string;
  readonly folder: string;
  /** Secrets that may stand in what is written: placeholders, rules, or names of fields. */
  readonly release?: readonly string[];
  /** Harder runs that the test asks of the agent as well: `timeout`. */
  readonly variants?: readonly string[];
}

export type TestOutcome =
  | {
      readonly status: 'written';
      readonly files: readonly string[];
      readonly testFile: string;
      readonly proof: Proof;
      /** How to run it, as typed in a terminal. */
      readonly command: string;
    }
  | { readonly status: 'not-proved'; readonly proof: Proof }
  | { readonly status: 'exists'; readonly path: string }
  | { readonly status: 'failed'; readonly reason: string };
