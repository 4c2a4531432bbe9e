import type { ArgumentOrigin, ForwardUses } from '../../core/provenance/origin.ts';
import type { Client } from '../../protocol/rpc.ts';
import type { HostApi } from '../../protocol/webviewApi.ts';
import type { Store } from './store.ts';
import type { View } from './view.ts';

const KEPT = 200;

/** What is asked about a step only when the cursor rests on it: origins and later uses of its values, and the watches. */
export class StepDetails {
  private origins = new Map<string, readonly ArgumentOrigin[]>();
  private uses = new Map<string, ForwardUses>();

  constructor(
    private readonly store: Store<View>,
    private readonly host: Client<HostApi>,
  ) {}

  originsOf(run: string, step: number): readonly ArgumentOrigin[] | undefined {
    return this.origins.get(`${step} ${run}`);
  }

  usesOf(run: string, step: number): ForwardUses | undefined {
    return this.uses.get(`${step} ${run}`);
  }

  clear(): void {
    this.origins = new Map();
    this.uses = new Map();
  }

  async load(run: string, step: number): Promise<void> {
    await Promise.all([this.loadOrigins(run, step), this.loadUses(run, step), this.loadWatches(run, step)]);
  }

  addWatch(expression: string): void {
    const { watches, run, step } = this.store.get();
    if (expression.trim() === '' || watches.includes(expression)) return;
    this.store.set({ watches: [...watches, expression] });
    void this.loadWatches(run, step);
  }

  removeWatch(expression: string): void {
    this.store.set({ watches: this.store.get().watches.filter((watch) => watch !== expression) });
  }

  private async loadOrigins(run: string, step: number): Promise<void> {
    if (this.originsOf(run, step) !== undefined) return;
    const { origins } = this;
    const found = await this.host.provenance({ run, step }).catch(() => undefined);
    if (found === undefined || origins !== this.origins) return;
    keep(origins, `${step} ${run}`, found);
    if (this.isAt(run, step)) this.store.set({ origins: found });
  }

  private async loadUses(run: string, step: number): Promise<void> {
    if (this.usesOf(run, step) !== undefined) return;
    const { uses } = this;
    const found = await this.host.laterUses({ run, step }).catch(() => undefined);
    if (found === undefined || uses !== this.uses) return;
    keep(uses, `${step} ${run}`, found);
    if (this.isAt(run, step)) this.store.set({ uses: found });
  }

  private async loadWatches(run: string, step: number): Promise<void> {
    const { watches } = this.store.get();
    if (watches.length === 0) return;
    const watchValues = await this.host.watch({ run, step, expressions: [...watches] }).catch(() => undefined);
    if (watchValues !== undefined && this.isAt(run, step)) this.store.set({ watchValues });
  }

  private isAt(run: string, step: number): boolean {
    const view = this.store.get();
    return view.run === run && view.step === step;
  }
}

/** Keeps an answer, and of the others those that came last. */
function keep<T>(answers: Map<string, T>, key: string, answer: T): void {
  answers.set(key, answer);
  const [oldest] = answers.keys();
  if (answers.size > KEPT && oldest !== undefined) answers.delete(oldest);
}
