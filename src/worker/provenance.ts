import type { OpenTrace } from '../core/formats/openTrace.ts';
import type { ArgumentOrigin, ForwardUses } from '../core/provenance/origin.ts';
import { originsOf } from '../core/provenance/originsOf.ts';
import { UseIndex } from '../core/provenance/useIndex.ts';
import { ValueIndex } from '../core/provenance/valueIndex.ts';
import type { Run, Step } from '../core/trace/model.ts';
import { Turns } from './turns.ts';

/** Steps that are indexed beyond the one that was asked for last, so that the next answers are there at once. */
const AHEAD = 2000;
/** Runs whose index is kept: one, and the one that it was entered from. */
const KEPT = 2;

/**
 * The value index of the runs that were asked for last. It is built past the step that is asked for, while other questions
 * are served, and kept. Where the bound of its memory ends it, later values count as not known.
 */
export class Provenance {
  private readonly indexes = new Map<Run, RunIndex>();

  /** Where each argument of a step came from. `bodies`: who gives single steps, when it isn't the trace. */
  async origins(
    trace: OpenTrace,
    run: Run,
    step: number,
    signal: AbortSignal,
    bodies: Pick<OpenTrace, 'step'> = trace,
  ): Promise<ArgumentOrigin[]> {
    const known = this.indexOf(trace, run);
    await known.upTo(step, step + AHEAD, signal);
    const origins = await originsOf(await bodies.step(run, step), known.values, (index) => bodies.step(run, index));
    const how = known.gapBefore(step);
    if (how === undefined) return origins;
    return origins.map((origin) => (origin.kind === 'nowhere' ? { ...origin, how } : origin));
  }

  /** Which arguments of the next `AHEAD` steps took the values of a step. */
  async laterUses(
    trace: OpenTrace,
    run: Run,
    step: number,
    signal: AbortSignal,
    bodies: Pick<OpenTrace, 'step'> = trace,
  ): Promise<ForwardUses> {
    const known = this.indexOf(trace, run);
    const end = Math.min(step + AHEAD, run.steps.length);
    await known.upTo(end, end, signal);
    const uses = known.uses.usesOf(await bodies.step(run, step));
    return { uses, lookedTo: Math.max(step + 1, Math.min(known.lookedTo, run.steps.length)) };
  }

  private indexOf(trace: OpenTrace, run: Run): RunIndex {
    const known = this.indexes.get(run) ?? new RunIndex(trace, run);
    this.indexes.delete(run);
    this.indexes.set(run, known);
    const [oldest] = this.indexes.keys();
    if (this.indexes.size > KEPT && oldest !== undefined) {
      this.indexes.get(oldest)?.stop();
      this.indexes.delete(oldest);
    }
    return known;
  }
}

class RunIndex {
  readonly values: ValueIndex;
  readonly uses: UseIndex;
  /** The step at which memory's bound was reached. */
  private fullAt: number | undefined;
  /** The step whose arguments were the first that could not be remembered. */
  private usesEnd: number | undefined;
  /** The first step that is not in the index. */
  private next = 0;
  /** Up to which step it is wanted. */
  private wanted = 0;
  private building: Promise<void> | undefined;
  private waiting: { readonly step: number; readonly resolve: () => void }[] = [];
  private readonly stopping = new AbortController();

  constructor(
    private readonly trace: OpenTrace,
    private readonly run: Run,
  ) {
    this.values = new ValueIndex(run);
    this.uses = new UseIndex(this.values);
  }

  /** One past the last step whose arguments are known. */
  get lookedTo(): number {
    return this.usesEnd ?? this.next;
  }

  /** What is not known of what stood before a step, to end a sentence that a value stands nowhere. */
  gapBefore(step: number): string | undefined {
    const { fullAt } = this;
    const named = (index: number) => `step ${(index + 1).toLocaleString('en-US')}`;
    if (fullAt !== undefined && fullAt < step) return `though not all after ${named(fullAt)} could be remembered`;
    const { unread } = this.values;
    if (unread === undefined || unread.step >= step) return undefined;
    return `though of a long text of ${named(unread.step)} only both ends were looked at`;
  }

  stop(): void {
    this.stopping.abort(new Error('Another run is looked at.'));
  }

  /** Settles when all before `step` is in the index, which goes on to `ahead`; rejects when it can't be read. */
  async upTo(step: number, ahead: number, signal: AbortSignal): Promise<void> {
    this.wanted = Math.max(this.wanted, Math.min(ahead, this.run.steps.length));
    this.building ??= this.build();
    const { building } = this;
    // Who waits hears of a failure; what is built ahead fails in silence until it is waited for.
    building.catch(() => undefined);
    if (this.next >= step) return;
    await Promise.race([building, new Promise<void>((resolve) => this.waiting.push({ step, resolve }))]);
    signal.throwIfAborted();
  }

  private async build(): Promise<void> {
    const { signal } = this.stopping;
    const turns = new Turns();
    try {
      while (this.next < this.wanted) {
        for await (const body of this.trace.steps(this.run, this.next, this.wanted, signal)) {
          if (this.fullAt === undefined) this.add(body);
          this.reached(this.fullAt === undefined ? body.index + 1 : this.run.steps.length);
          if (this.next > body.index + 1) break;
          await turns.others(signal);
        }
      }
    } finally {
      this.building = undefined;
    }
  }

  private add(body: Step): void {
    // An argument is looked up among what stood before its step.
    this.uses.add(body);
    this.values.add(body);
    if (this.values.full) this.fullAt ??= body.index;
    if (this.uses.full || this.fullAt !== undefined) this.usesEnd ??= body.index + 1;
  }

  private reached(next: number): void {
    this.next = next;
    const there = this.waiting.filter(({ step }) => step <= next);
    if (there.length === 0) return;
    this.waiting = this.waiting.filter(({ step }) => step > next);
    for (const { resolve } of there) resolve();
  }
}
