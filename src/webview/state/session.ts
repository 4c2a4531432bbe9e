import type { OriginPlace } from '../../core/provenance/origin.ts';
import { back, into, type Move, next, out, over, previous, type Rows } from '../../core/stepper/cursor.ts';
import type { StepRow } from '../../core/trace/model.ts';
import { messageOf } from '../../core/util/result.ts';
import { Cancelled, type Client } from '../../protocol/rpc.ts';
import type { Progress } from '../../protocol/traceService.ts';
import type { FirstFrame, HostApi, ViewCommand, WebviewApi } from '../../protocol/webviewApi.ts';
import { Breakpoints } from './breakpoints.ts';
import { runCommand } from './commands.ts';
import { Continuing } from './continuing.ts';
import { Evaluations } from './evaluations.ts';
import { Filtering } from './filtering.ts';
import { Finder } from './finder.ts';
import { focusSoon, STEP_PANE } from './focus.ts';
import { Folds } from './folds.ts';
import { Following } from './following.ts';
import { RowPages } from './rowPages.ts';
import type { Saved } from './saved.ts';
import { stepSentence } from './sentence.ts';
import { CUT_AT, StepBodies } from './stepBodies.ts';
import { StepDetails } from './stepDetails.ts';
import { StepNumbers } from './stepNumbers.ts';
import { createStore, type Store } from './store.ts';
import { runOf, startOf, type View } from './view.ts';
import { everyStep, onlySteps, type VisibleList } from './visibleList.ts';

/** A place as origins and uses name it. */
type PlaceToShow = Pick<OriginPlace, 'step' | 'pointer'> & Partial<OriginPlace>;

/** A command that waits until the person pauses: the status bar needn't flicker along with a held key. */
const SETTLE_MS = 90;

/** The view's own conversation with the host: where the cursor is, and what is known about the steps around it. */
export class Session {
  readonly store: Store<View>;
  readonly bodies: StepBodies;
  readonly breakpoints: Breakpoints;
  readonly evaluations: Evaluations;
  readonly filtering: Filtering;
  readonly finder: Finder;
  readonly continuing: Continuing;
  readonly details: StepDetails;
  readonly following: Following;
  /** Lines of the proof that is running, for the dialog's log. */
  onProofLine: (line: string) => void = () => undefined;
  pages: RowPages = new RowPages(
    0,
    async () => [],
    () => undefined,
  );
  /** False until the person moves: only then may an arriving evaluation move the cursor. */
  private hasMoved = false;
  private settling: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly host: Client<HostApi>,
    private readonly saved: Saved,
    private readonly save: (saved: Saved) => void,
  ) {
    this.store = createStore(startOf(saved));
    this.bodies = new StepBodies((run, step) => host.step({ run, step, cutAt: CUT_AT }));
    this.breakpoints = new Breakpoints(this.store, host);
    this.evaluations = new Evaluations(this.store, host);
    this.filtering = new Filtering(this.store, host);
    this.finder = new Finder(this.store, host, (step) => this.goTo(step));
    this.continuing = new Continuing(this.store, host, (step) => this.goTo(step));
    this.details = new StepDetails(this.store, host);
    this.following = new Following(this);
    this.store.subscribe(() => this.saveSoon());
  }

  /** What the host may call. */
  handlers(): { [M in keyof WebviewApi]: WebviewApi[M] } {
    return {
      command: ({ name }) => this.command(name),
      goTo: ({ run, step }) => {
        this.hasMoved = true;
        this.openRun(run, step);
      },
      reopened: (frame) => this.show(frame, this.lastPlace()),
      changed: (change) => this.following.take(change),
      progress: (progress) => this.progress(progress),
      judgeAgain: () => this.judgeAgain(),
      proofProgress: ({ line }) => this.onProofLine(line),
    };
  }

  /** Asks for the first frame and draws it. */
  async start(): Promise<void> {
    try {
      this.show(await this.host.ready({}), this.lastPlace());
    } catch (thrown) {
      this.store.set({ opening: { status: 'failed', failure: { what: 'stopped', sentence: messageOf(thrown) } } });
    }
  }

  /** Where the cursor was: in this view, or before anything could be shown in it, where an earlier view left it. */
  private lastPlace(): { run: string; step: number } | undefined {
    const { run, step } = this.store.get();
    if (run !== '') return { run, step };
    return this.saved.run === undefined ? undefined : { run: this.saved.run, step: this.saved.step };
  }

  private show(frame: FirstFrame, before: { run: string; step: number } | undefined): void {
    const { answer } = frame;
    if (answer.status !== 'opened') {
      this.store.set({ opening: answer });
      return;
    }
    const { summary, reading, live = false } = answer;
    this.bodies.clear();
    this.details.clear();
    this.evaluations.cancelAll();
    this.store.set({
      opening: { status: 'opened', summary },
      reading,
      live,
      trusted: frame.trusted,
      secretsShown: frame.secretsShown,
      breakpoints: frame.breakpoints,
      evaluations: new Map(),
      run: '',
    });
    const wanted = frame.goTo ?? before;
    const run = summary.runs.find((r) => r.id === wanted?.run);
    if (reading !== undefined && wanted !== undefined && wanted.step >= (run?.stepCount ?? 0)) {
      this.following.goLater(wanted);
    } else if (run !== undefined && wanted !== undefined) {
      this.hasMoved = true;
      this.openRun(run.id, wanted.step);
      if (this.saved.filter !== '' && run.id === this.saved.run) this.filtering.set(this.saved.filter);
      return;
    }
    // Of many runs the first that failed is why somebody opens the file.
    const first = summary.runs.find((r) => r.outcome?.status === 'failed') ?? summary.runs[0];
    if (first !== undefined) this.openRun(first.id);
  }

  /** Shows credentials as they are, or masks them again: everything is read anew. */
  async toggleSecrets(): Promise<void> {
    try {
      const { secretsShown } = this.store.get();
      const frame = await this.host.showSecrets({ shown: !secretsShown });
      const { run, step, filter } = this.store.get();
      this.show(frame, { run, step });
      if (filter.text !== '') this.filtering.set(filter.text);
      this.store.set({ notice: secretsShown ? 'Secrets are masked.' : 'Secrets are shown.' });
    } catch (thrown) {
      this.say(thrown);
    }
  }

  /** Shows a run at a step; without a step at its first, until evaluation knows the suspect. */
  openRun(run: string, step?: number): void {
    const { opening, run: shown } = this.store.get();
    if (opening.status !== 'opened') return;
    const summary = opening.summary.runs.find((r) => r.id === run);
    if (summary === undefined) {
      this.store.set({ notice: `The run ${run} is not in this file.` });
      return;
    }
    if (run !== shown) {
      this.pages = new RowPages(summary.stepCount, this.rowsOf(run), () => this.rowsCame());
      this.store.set({ run, folds: Folds.NONE, failing: new Uint32Array() });
      this.filtering.clear();
      this.finder.close();
      this.continuing.stop();
      void this.arrange(this.store.get().arrangement);
      if (step === undefined) this.hasMoved = false;
      // Of a file that is still being read, only what there is so far could be judged.
      if (this.store.get().reading === undefined) void this.evaluate(run);
    }
    this.place(step ?? 0);
  }

  /** How the rows of a run are fetched. */
  rowsOf(run: string): (start: number, count: number) => Promise<StepRow[]> {
    return (start, count) => this.host.rows({ run, start, count });
  }

  /** Judges a run; when the person hasn't moved meanwhile, the cursor lands on the suspect. */
  async evaluate(run: string, again = false): Promise<void> {
    const evaluation = await (again ? this.evaluations.again(run) : this.evaluations.run(run));
    if (evaluation === undefined || this.store.get().run !== run) return;
    const [suspect] = evaluation.suspects;
    if (!this.hasMoved && suspect !== undefined) this.place(suspect.step);
    void this.filtering.markFailing();
  }

  /** There is more to judge by: what was found stays in view until it is found anew. */
  private judgeAgain(): void {
    const { run, evaluations, reading } = this.store.get();
    const shown = evaluations.get(run);
    this.evaluations.cancelAll();
    this.store.set({ evaluations: new Map(shown === undefined ? [] : [[run, shown]]) });
    if (run !== '' && reading === undefined) void this.evaluate(run, true);
  }

  /** Goes to a value where it stands in another step, and marks it there. */
  showPlace({ step, pointer, within, quote = '', range }: PlaceToShow): void {
    const from = this.store.get().step;
    this.goTo(step);
    const shownPlace = {
      step,
      pointer,
      quote,
      start: range?.start ?? 0,
      from,
      ...(within !== undefined && { within }),
    };
    this.store.set({ shownPlace });
    focusSoon(STEP_PANE);
  }

  /** Moves the cursor because the person wants it there. */
  goTo(step: number): void {
    this.hasMoved = true;
    this.store.set({ notice: '' });
    this.following.moved(step);
    this.place(step);
  }

  /**
   * Puts the cursor on a step. All that is cached is drawn in the same frame; `keepBody` leaves the body in view that is
   * there until the step's own has come.
   */
  place(wanted: number, keepBody = false): void {
    const { run, body: before } = this.store.get();
    const step = Math.max(0, Math.min(wanted, this.pages.length - 1));
    this.pages.want(step, step + 1);
    this.unfoldAround(step);
    const body = this.bodies.get(run, step) ?? (keepBody ? before : undefined);
    this.store.set({
      step,
      body,
      bodyProblem: undefined,
      origins: this.details.originsOf(run, step),
      uses: this.details.usesOf(run, step),
      shownPlace: undefined,
      watchValues: [],
    });
    void this.bodies.load(run, step).then(
      (view) => {
        if (this.isAt(run, step) && this.bodies.get(run, step) === view) this.store.set({ body: view });
      },
      (thrown: unknown) => {
        if (this.isAt(run, step)) this.store.set({ bodyProblem: messageOf(thrown) });
      },
    );
    this.bodies.prefetch(run, [step + 1, step - 1, step + 2], this.pages.length);
    const overTo = this.pages.at(step)?.end;
    if (overTo !== undefined) this.bodies.prefetch(run, [overTo], this.pages.length);
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.settled(run, step), SETTLE_MS);
  }

  private async settled(run: string, step: number): Promise<void> {
    const row = await this.pages.load(step).catch(() => undefined);
    if (row === undefined || !this.isAt(run, step)) return;
    void this.host.moved({ run, step, sentence: this.sentence(row) });
    void this.details.load(run, step);
  }

  sentence(row: StepRow): string {
    const step = this.store.get().body?.step;
    return stepSentence(row, this.pages.length, step?.index === row.index ? step : undefined);
  }

  private isAt(run: string, step: number): boolean {
    const view = this.store.get();
    return view.run === run && view.step === step;
  }

  /** The rows on screen came; what was unknown about the current step may be known now. */
  private rowsCame(): void {
    this.store.set({ rowsVersion: this.store.get().rowsVersion + 1 });
  }

  private progress({ task, done, total }: Progress): void {
    if (task === 'continue') this.continuing.progress(done, total);
    if (task === 'evaluate') this.evaluations.progress(this.store.get().run, done, total);
    if (task === 'open' && this.store.get().opening.status === 'starting') {
      this.store.set({ opening: { status: 'starting', done, total } });
    }
  }

  command(name: ViewCommand): void {
    runCommand(this, name);
  }

  stepOver(): void {
    this.make(over, 'The run ends here.');
  }
  stepInto(): void {
    this.make(into, 'The run ends here.');
  }
  stepOut(): void {
    this.make(out, 'This is the outermost run.');
  }
  stepBack(): void {
    this.make(back, 'The run starts here.');
  }

  /** To the next or previous step of the list as it is filtered and folded. */
  walk(by: 1 | -1): void {
    const { step } = this.store.get();
    const list = this.list();
    if (list.count === this.pages.length) {
      this.make(by === 1 ? next : previous, by === 1 ? 'The run ends here.' : 'The run starts here.');
      return;
    }
    const here = list.positionOf(step);
    const isShown = here >= 0 && list.indexAt(here) === step;
    const position = by === 1 ? here + 1 : isShown ? here - 1 : here;
    if (position >= 0 && position < list.count) this.goTo(list.indexAt(position));
  }

  /** Which steps the list shows. */
  list(): VisibleList {
    const { filter, arrangement, folds } = this.store.get();
    if (filter.steps !== undefined) return onlySteps(filter.steps);
    return arrangement === 'tree' && folds.count > 0 ? folds.shown(this.pages.length) : everyStep(this.pages.length);
  }

  private make(how: (rows: Rows, from: number) => Move, nowhere: string): void {
    const { step } = this.store.get();
    const move = this.pages.move(how, step);
    if (move instanceof Promise) void move.then((made) => this.follow(made, nowhere), this.say);
    else this.follow(move, nowhere);
  }

  private follow(move: Move, nowhere: string): void {
    switch (move.to) {
      case 'step':
        this.goTo(move.step);
        return;
      case 'run':
        this.hasMoved = true;
        this.openRun(move.run, 0);
        return;
      case 'parent-run': {
        const { parentRun, parentStep } = runOf(this.store.get()) ?? {};
        if (parentRun === undefined) this.store.set({ notice: nowhere });
        else this.openRun(parentRun, parentStep ?? 0);
        return;
      }
      case 'nowhere':
        this.store.set({ notice: nowhere });
        return;
    }
  }

  /** Gives a pane another size, in pixels. */
  resize(change: Partial<Saved['widths']>): void {
    this.store.set({ widths: { ...this.store.get().widths, ...change } });
  }

  /** As a flat list, or as a tree in which sub-agents are folded away. */
  async arrange(arrangement: 'list' | 'tree'): Promise<void> {
    const { run } = this.store.get();
    this.store.set({ arrangement, folds: Folds.NONE });
    if (arrangement === 'list') return;
    const numbers = new StepNumbers();
    numbers.add(await this.host.folds({ run }).catch(() => new Uint8Array()));
    const view = this.store.get();
    if (view.run === run && view.arrangement === 'tree') this.store.set({ folds: Folds.from(numbers.all) });
  }

  toggleFold({ index, end }: StepRow): void {
    this.store.set({ folds: this.store.get().folds.toggle(index, end) });
  }

  /** Folds or unfolds the current step as arrows do in a tree; false when there is nothing to fold. */
  foldByKey(key: string): boolean {
    const { step, folds } = this.store.get();
    const row = this.pages.at(step);
    if (row === undefined || row.end <= step + 1) return false;
    const isFolded = folds.has(step);
    if ((key === 'ArrowRight' && isFolded) || (key === 'ArrowLeft' && !isFolded)) {
      this.toggleFold(row);
      return true;
    }
    return false;
  }

  /** A step that is gone to must be seen: the folds around it open. */
  private unfoldAround(step: number): void {
    this.store.set({ folds: this.store.get().folds.openAround(step) });
  }

  /** Shows a failure as a sentence in the status line; a cancel is none. */
  readonly say = (thrown: unknown): void => {
    if (!(thrown instanceof Cancelled)) this.store.set({ notice: messageOf(thrown) });
  };

  private saving: ReturnType<typeof setTimeout> | undefined;
  private saveSoon(): void {
    if (this.store.get().opening.status !== 'opened') return;
    this.saving ??= setTimeout(() => {
      this.saving = undefined;
      const { run, step, filter, arrangement, tab, timelineBy, watches, widths } = this.store.get();
      this.save({ version: 1, run, step, filter: filter.text, arrangement, tab, timelineBy, watches, widths });
    }, 200);
  }
}
