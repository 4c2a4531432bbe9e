import * as vscode from 'vscode';
import { VIEW_TYPES } from '../contributions.ts';
import type { TraceDocument } from './traceDocument.ts';
import type { TraceView } from './traceView.ts';

/** A place in a trace. `step` is the index of the step in its run, from 0. */
export interface Place {
  readonly run: string;
  readonly step: number;
}

/** The open debuggers, which of them is the active one, and what all of them tell. */
export class TraceViews {
  private readonly views = new Set<TraceView>();
  private readonly wanted = new Map<string, Place>();
  private readonly changed = new vscode.EventEmitter<TraceView | undefined>();
  private readonly openedDocument = new vscode.EventEmitter<TraceDocument>();
  private current: TraceView | undefined;

  /** The active view changed, or its cursor moved. */
  readonly onDidChangeActive = this.changed.event;
  readonly onDidOpenDocument = this.openedDocument.event;

  get active(): TraceView | undefined {
    return this.current;
  }

  addDocument(document: TraceDocument): void {
    this.openedDocument.fire(document);
  }

  add(view: TraceView): void {
    this.views.add(view);
  }

  remove(view: TraceView): void {
    this.views.delete(view);
    if (this.current === view) this.setActive(undefined);
  }

  setActive(view: TraceView | undefined): void {
    this.current = view;
    this.changed.fire(view);
  }

  /** The place that a link or command wants the next view of `uri` to start at; asked once. */
  takeWanted(uri: vscode.Uri): Place | undefined {
    const place = this.wanted.get(uri.toString());
    this.wanted.delete(uri.toString());
    return place;
  }

  /** Opens (or shows) a file in the debugger, at a place when there is one. */
  async open(uri: vscode.Uri, place?: Place): Promise<void> {
    const open = [...this.views].find((view) => view.document.uri.toString() === uri.toString());
    // A hidden page is gone; it asks for its place when it is shown again.
    if (place !== undefined && open?.visible !== true) this.wanted.set(uri.toString(), place);
    if (open === undefined) {
      const viewType = uri.path.endsWith('.trace.json') ? VIEW_TYPES.trace : VIEW_TYPES.otherTrace;
      await vscode.commands.executeCommand('vscode.openWith', uri, viewType);
      return;
    }
    if (place !== undefined && open.visible) await open.goTo(place);
    open.reveal();
  }
}
