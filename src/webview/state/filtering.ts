import { messageOf } from '../../core/util/result.ts';
import { Cancelled, type Client } from '../../protocol/rpc.ts';
import type { HostApi } from '../../protocol/webviewApi.ts';
import type { Store } from './store.ts';
import { NO_FILTER, type View } from './view.ts';

/** Typing pauses this long before the host is asked, in ms. */
const PAUSE = 120;

/** The filter box: each text replaces the question before it. */
export class Filtering {
  private controller = new AbortController();
  private pause: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: Store<View>,
    private readonly host: Client<HostApi>,
  ) {}

  set(text: string): void {
    clearTimeout(this.pause);
    this.controller.abort();
    if (text.trim() === '') {
      this.store.set({ filter: { ...NO_FILTER, text } });
      return;
    }
    this.store.set({ filter: { ...this.store.get().filter, text, busy: true } });
    this.pause = setTimeout(() => void this.ask(text), PAUSE);
  }

  clear(): void {
    this.set('');
  }

  private async ask(filter: string): Promise<void> {
    const { run } = this.store.get();
    this.controller = new AbortController();
    try {
      const answer = await this.host.filter({ run, filter }, this.controller.signal);
      if (this.store.get().filter.text !== filter || this.store.get().run !== run) return;
      if (answer.ok) this.store.set({ filter: { text: filter, steps: answer.steps, problem: undefined, busy: false } });
      else this.fail(answer.problem);
    } catch (thrown) {
      if (!(thrown instanceof Cancelled)) this.fail(messageOf(thrown));
    }
  }

  private fail(problem: string): void {
    this.store.set({ filter: { ...this.store.get().filter, steps: undefined, problem, busy: false } });
  }

  /** Finds the steps that the timeline marks as failed. They are ornament: a failure to find them is not worth a word. */
  async markFailing(run: string): Promise<void> {
    const failing = await this.host.filter({ run, filter: 'status:fail' }).catch(() => undefined);
    if (this.store.get().run === run && failing?.ok === true) this.store.set({ failing: failing.steps });
  }
}
