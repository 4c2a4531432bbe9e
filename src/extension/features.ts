import type * as vscode from 'vscode';
import type { TraceViews } from './editor/traceViews.ts';

/** What every feature gets: VS Code's context, and the open debuggers. */
export interface Hindstep {
  readonly context: vscode.ExtensionContext;
  readonly views: TraceViews;
}

/** One surface of VS Code. It registers what it needs and answers what must be undone when the extension ends. */
export type Feature = (hindstep: Hindstep) => vscode.Disposable[];
