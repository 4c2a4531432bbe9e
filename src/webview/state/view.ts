import type { Decline } from '../../core/formats/declines.ts';
import type { ArgumentOrigin, ForwardUses } from '../../core/provenance/origin.ts';
import type { Breakpoint } from '../../core/stepper/breakpoints.ts';
import type {
  FindHit,
  Reading,
  RunEvaluation,
  RunSummary,
  StepView,
  TraceSummary,
  WatchValue,
} from '../../protocol/traceService.ts';
import type { OpenFailure } from '../../protocol/webviewApi.ts';
import { Folds } from './folds.ts';
import type { Saved } from './saved.ts';

/** All that is drawn. Rows and bodies lie in caches beside it; `rowsVersion` says that more rows came. */
export interface View {
  readonly opening: Opening;
  /** While the file is still being read: there are steps already, and more will come. */
  readonly reading: Reading | undefined;
  /** Whether the file is being written on, and whether the cursor goes along to the newest step. */
  readonly live: boolean;
  readonly following: boolean;
  readonly trusted: boolean;
  /** Whether credentials are shown as they are. */
  readonly secretsShown: boolean;
  readonly run: string;
  readonly step: number;
  readonly rowsVersion: number;
  readonly body: StepView | undefined;
  /** Why the body is not there. A sentence. */
  readonly bodyProblem: string | undefined;
  readonly breakpoints: readonly Breakpoint[];
  /** By run. */
  readonly evaluations: ReadonlyMap<string, EvaluationState>;
  /** Steps of this run with a recorded or found failure, ascending. */
  readonly failing: Uint32Array;
  readonly origins: readonly ArgumentOrigin[] | undefined;
  /** Who took the values of the step later. */
  readonly uses: ForwardUses | undefined;
  /** A place of the step that was gone to from another one: it is scrolled to and marked. */
  readonly shownPlace: ShownPlace | undefined;
  readonly watches: readonly string[];
  readonly watchValues: readonly WatchValue[];
  readonly filter: FilterState;
  readonly arrangement: 'list' | 'tree';
  readonly folds: Folds;
  readonly tab: TabId;
  readonly timelineBy: 'step' | 'time';
  readonly find: FindState | undefined;
  /** The way to the next stop, while it is looked for. */
  readonly continuing: { readonly done: number; readonly total: number } | undefined;
  readonly dialog: DialogId | undefined;
  /** What the last command had to say: "Stopped: breakpoint at step 3." */
  readonly notice: string;
  readonly widths: Saved['widths'];
}

/** A value where it stands, and the step from which it was asked for. */
export interface ShownPlace {
  readonly step: number;
  /** JSON pointer into the step; `within` goes on in a text that is JSON. */
  readonly pointer: string;
  readonly within?: string;
  /** What to mark there; all of it when empty. */
  readonly quote: string;
  readonly start: number;
  readonly from: number;
}

export type Opening =
  | { readonly status: 'starting'; readonly done: number; readonly total: number }
  | { readonly status: 'failed'; readonly failure: OpenFailure }
  | { readonly status: 'declined'; readonly decline: Decline }
  | { readonly status: 'opened'; readonly summary: TraceSummary };

export type EvaluationState =
  | { readonly status: 'running'; readonly done: number; readonly total: number }
  | { readonly status: 'done'; readonly evaluation: RunEvaluation }
  | { readonly status: 'cancelled' }
  | { readonly status: 'failed'; readonly sentence: string };

export interface FilterState {
  readonly text: string;
  /** The steps that `of` keeps, as far as they are found; undefined while nothing is filtered or nothing was found yet. */
  readonly steps: Uint32Array | undefined;
  /** The text that `steps` answers: the one before while the first step that `text` keeps is looked for. */
  readonly of: string;
  readonly problem: string | undefined;
  readonly busy: boolean;
  /** How many steps were looked at. */
  readonly looked: number;
  /** False when evaluation is under way and will change the answer. */
  readonly judged: boolean;
}

export interface FindState {
  readonly query: string;
  readonly hits: readonly FindHit[];
  /** Position in `hits`; -1 before the first. */
  readonly at: number;
  readonly more: boolean;
  readonly busy: boolean;
  /** How many steps were searched. */
  readonly searched: number;
  readonly problem: string | undefined;
}

export const TAB_IDS = ['findings', 'provenance', 'state', 'watch', 'request', 'raw'] as const;
export type TabId = (typeof TAB_IDS)[number];
export type DialogId = 'keys' | 'test' | 'runs' | 'breakpoints';

export const NO_FILTER: FilterState = {
  text: '',
  steps: undefined,
  of: '',
  problem: undefined,
  busy: false,
  looked: 0,
  judged: true,
};

export const NO_FIND: FindState = {
  query: '',
  hits: [],
  at: -1,
  more: false,
  busy: false,
  searched: 0,
  problem: undefined,
};

export function startOf(saved: Saved): View {
  return {
    opening: { status: 'starting', done: 0, total: 0 },
    reading: undefined,
    live: false,
    following: false,
    trusted: false,
    secretsShown: false,
    run: '',
    step: 0,
    rowsVersion: 0,
    body: undefined,
    bodyProblem: undefined,
    breakpoints: [],
    evaluations: new Map(),
    failing: new Uint32Array(),
    origins: undefined,
    uses: undefined,
    shownPlace: undefined,
    watches: saved.watches,
    watchValues: [],
    filter: NO_FILTER,
    arrangement: saved.arrangement,
    folds: Folds.NONE,
    tab: saved.tab,
    timelineBy: saved.timelineBy,
    find: undefined,
    continuing: undefined,
    dialog: undefined,
    notice: '',
    widths: saved.widths,
  };
}

/** The run on screen; undefined before a trace is opened. */
export function runOf(view: View): RunSummary | undefined {
  return view.opening.status === 'opened' ? view.opening.summary.runs.find((run) => run.id === view.run) : undefined;
}

/** What evaluation found about the run on screen, once it has. */
export function evaluationOf(view: View): RunEvaluation | undefined {
  const state = view.evaluations.get(view.run);
  return state?.status === 'done' ? state.evaluation : undefined;
}
