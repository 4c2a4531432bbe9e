import type { Breakpoint } from '../../core/stepper/breakpoints.ts';
import type { Client } from '../../protocol/rpc.ts';
import type { HostApi } from '../../protocol/webviewApi.ts';
import type { Store } from './store.ts';
import type { View } from './view.ts';

/** Breakpoints as the person sets them; the host keeps them for the file. */
export class Breakpoints {
  constructor(
    private readonly store: Store<View>,
    private readonly host: Client<HostApi>,
  ) {}

  /** Sets a breakpoint on a step of this run, or takes it away. */
  toggle(step: number): void {
    const { run, breakpoints } = this.store.get();
    const there = breakpoints.filter((b) => b.run === run && b.step === step);
    if (there.length > 0) this.replace(breakpoints.filter((b) => !there.includes(b)));
    else this.replace([...breakpoints, { id: crypto.randomUUID(), enabled: true, run, step }]);
  }

  /** Stops wherever the expression holds, in every run. */
  addCondition(condition: string): void {
    this.replace([...this.store.get().breakpoints, { id: crypto.randomUUID(), enabled: true, condition }]);
  }

  enable(id: string, enabled: boolean): void {
    this.replace(this.store.get().breakpoints.map((b) => (b.id === id ? { ...b, enabled } : b)));
  }

  remove(id: string): void {
    this.replace(this.store.get().breakpoints.filter((b) => b.id !== id));
  }

  private replace(breakpoints: readonly Breakpoint[]): void {
    this.store.set({ breakpoints });
    void this.host.setBreakpoints({ breakpoints: [...breakpoints] });
  }
}

/** Steps of a run that have a breakpoint, with whether it is enabled. */
export function breakpointSteps(view: View): ReadonlyMap<number, boolean> {
  return new Map(
    view.breakpoints.flatMap((b) => (b.step !== undefined && b.run === view.run ? [[b.step, b.enabled]] : [])),
  );
}
