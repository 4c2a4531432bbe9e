import { messageOf } from '../../core/util/result.ts';
import { Cancelled, type Client } from '../../protocol/rpc.ts';
import type { HostApi } from '../../protocol/webviewApi.ts';
import { FIND_BOX, focusSoon, STEP_TREE } from './focus.ts';
import type { Store } from './store.ts';
import type { FindState, View } from './view.ts';

const PAUSE = 150;
/** Hits in one answer. */
export const FIND_LIMIT = 500;
const NOTHING: FindState = { query: '', hits: [], at: -1, more: false, busy: false, problem: undefined };

/** Find in the data: the browser's own find can't see what a virtual list hasn't drawn. */
export class Finder {
  private controller = new AbortController();
  private pause: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: Store<View>,
    private readonly host: Client<HostApi>,
    private readonly goTo: (step: number) => void,
  ) {}

  open(): void {
    if (this.store.get().find === undefined) this.store.set({ find: NOTHING });
    focusSoon(FIND_BOX);
  }

  close(): void {
    clearTimeout(this.pause);
    this.controller.abort();
    if (this.store.get().find === undefined) return;
    this.store.set({ find: undefined });
    focusSoon(STEP_TREE);
  }

  set(query: string): void {
    clearTimeout(this.pause);
    this.controller.abort();
    this.store.set({ find: { ...NOTHING, query, busy: query !== '' } });
    if (query !== '') this.pause = setTimeout(() => void this.ask(query), PAUSE);
  }

  /** To the next hit or the one before, round the ends. */
  move(by: 1 | -1): void {
    const { find } = this.store.get();
    if (find === undefined || find.hits.length === 0) return;
    const at = (find.at + by + find.hits.length) % find.hits.length;
    this.store.set({ find: { ...find, at } });
    const hit = find.hits[at];
    if (hit !== undefined) this.goTo(hit.step);
  }

  private async ask(query: string): Promise<void> {
    const { run, step } = this.store.get();
    this.controller = new AbortController();
    try {
      const { hits, more } = await this.host.find(
        { run, query, from: step, limit: FIND_LIMIT },
        this.controller.signal,
      );
      if (this.store.get().find?.query !== query) return;
      const [first] = hits;
      const ordered = [...hits].sort((a, b) => a.step - b.step);
      const at = first === undefined ? -1 : ordered.indexOf(first);
      this.store.set({ find: { query, hits: ordered, at, more, busy: false, problem: undefined } });
      if (first !== undefined) this.goTo(first.step);
    } catch (thrown) {
      if (thrown instanceof Cancelled) return;
      this.store.set({ find: { ...NOTHING, query, problem: messageOf(thrown) } });
    }
  }
}
