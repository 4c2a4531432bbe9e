import type * as vscode from 'vscode';
import type { Breakpoint } from '../../protocol/traceService.ts';
import { STATE } from '../contributions.ts';

type Stored = Readonly<Record<string, readonly Breakpoint[]>>;

/** The breakpoints of one trace, kept with the workspace. */
export class BreakpointStore {
  private readonly key: string;

  constructor(
    private readonly state: vscode.Memento,
    uri: vscode.Uri,
  ) {
    this.key = uri.toString();
  }

  list(): readonly Breakpoint[] {
    return this.state.get<Stored>(STATE.breakpoints, {})[this.key] ?? [];
  }

  async set(breakpoints: readonly Breakpoint[]): Promise<void> {
    const { [this.key]: _before, ...others } = this.state.get<Stored>(STATE.breakpoints, {});
    await this.state.update(
      STATE.breakpoints,
      breakpoints.length === 0 ? others : { ...others, [this.key]: breakpoints },
    );
  }
}
