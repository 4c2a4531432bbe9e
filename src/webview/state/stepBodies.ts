import type { StepView } from '../../protocol/traceService.ts';

/** Characters of one string that are sent at first; the rest comes with "Show all". */
export const CUT_AT = 20_000;
const KEPT = 60;

/** Bodies of steps that were or may soon be looked at. */
export class StepBodies {
  private readonly here = new Map<string, StepView>();
  private onTheWay = new Map<string, Promise<StepView>>();

  constructor(private readonly fetch: (run: string, step: number) => Promise<StepView>) {}

  get(run: string, step: number): StepView | undefined {
    return this.here.get(keyOf(run, step));
  }

  load(run: string, step: number): Promise<StepView> {
    const key = keyOf(run, step);
    const body = this.here.get(key);
    if (body !== undefined) {
      this.here.delete(key);
      this.here.set(key, body);
      return Promise.resolve(body);
    }
    const coming = this.onTheWay.get(key);
    if (coming !== undefined) return coming;
    const { onTheWay } = this;
    const arrival = this.fetch(run, step)
      .then((view) => {
        if (onTheWay === this.onTheWay) this.keep(key, view);
        return view;
      })
      .finally(() => onTheWay.delete(key));
    onTheWay.set(key, arrival);
    return arrival;
  }

  /** Makes bodies come that may be wanted next. A failure shows when the step is really gone to. */
  prefetch(run: string, steps: readonly number[], length: number): void {
    for (const step of steps) if (step >= 0 && step < length) this.load(run, step).catch(() => undefined);
  }

  /** Forgets all bodies, those on their way too. */
  clear(): void {
    this.here.clear();
    this.onTheWay = new Map();
  }

  private keep(key: string, view: StepView): void {
    this.here.set(key, view);
    for (const oldest of this.here.keys()) {
      if (this.here.size <= KEPT) break;
      this.here.delete(oldest);
    }
  }
}

function keyOf(run: string, step: number): string {
  return `${step} ${run}`;
}
