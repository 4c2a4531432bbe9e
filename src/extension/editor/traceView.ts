import * as vscode from 'vscode';
import { connect, type Peer } from '../../protocol/rpc.ts';
import type { TraceChange } from '../../protocol/traceService.ts';
import type { FirstFrame, ViewCommand, WebviewApi } from '../../protocol/webviewApi.ts';
import type { Hindstep } from '../features.ts';
import { BreakpointStore } from './breakpointStore.ts';
import { hostApi } from './hostApi.ts';
import { page } from './page.ts';
import type { TraceDocument } from './traceDocument.ts';
import type { Place } from './traceViews.ts';
import { webviewPort } from './webviewPort.ts';

/** One debugger panel: the page, the typed channel to it, and where its cursor is. */
export class TraceView {
  private readonly peer: Peer<WebviewApi>;
  private readonly breakpoints: BreakpointStore;
  private readonly secrets = { shown: false };
  private cursor: (Place & { readonly sentence: string }) | undefined;

  constructor(
    private readonly hindstep: Hindstep,
    readonly document: TraceDocument,
    private readonly panel: vscode.WebviewPanel,
  ) {
    const { webview } = panel;
    const dist = vscode.Uri.joinPath(hindstep.context.extensionUri, 'dist');
    this.breakpoints = new BreakpointStore(hindstep.context.workspaceState, document.uri);
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    this.peer = connect<WebviewApi>(
      webviewPort(webview),
      hostApi({
        document,
        breakpoints: this.breakpoints,
        secrets: this.secrets,
        firstFrame: () => this.firstFrame(),
        moved: (place) => this.moved(place),
        proofProgress: (line) => quietly(this.peer.client.proofProgress({ line })),
      }),
    );
    webview.html = page(webview, dist);
    hindstep.views.add(this);
    if (panel.active) hindstep.views.setActive(this);
    const subscriptions = [
      document.onDidReopen(() => this.showAgain()),
      document.onDidChange((change) => quietly(this.passOn(change))),
      document.onDidVoidEvaluations(() => quietly(this.peer.client.judgeAgain({}))),
      document.onDidProgress((progress) => quietly(this.peer.client.progress(progress))),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.showAgain()),
      panel.onDidChangeViewState(() => {
        if (panel.active) hindstep.views.setActive(this);
        else if (hindstep.views.active === this) hindstep.views.setActive(undefined);
      }),
    ];
    panel.onDidDispose(() => {
      this.peer.close('The editor was closed.');
      hindstep.views.remove(this);
      for (const subscription of subscriptions) subscription.dispose();
    });
  }

  /** Where the cursor is, with the sentence for people ("step 12 of 80 · bash · exit 1"). */
  get position(): (Place & { readonly sentence: string }) | undefined {
    return this.cursor;
  }

  /** Has the page do what a VS Code command stands for. */
  command(name: ViewCommand): void {
    quietly(this.peer.client.command({ name }));
  }

  goTo(place: Place): Promise<void> {
    return this.peer.client.goTo(place);
  }

  get visible(): boolean {
    return this.panel.visible;
  }

  reveal(): void {
    this.panel.reveal();
  }

  private async firstFrame(): Promise<FirstFrame> {
    const goTo = this.hindstep.views.takeWanted(this.document.uri);
    const secretsShown = this.secrets.shown;
    const { answer, service } = this.document;
    return {
      answer:
        secretsShown && answer.status === 'opened'
          ? { ...answer, summary: await service.summary({ showSecrets: true }) }
          : answer,
      secretsShown,
      breakpoints: this.breakpoints.list(),
      trusted: vscode.workspace.isTrusted,
      ...(goTo !== undefined && { goTo }),
    };
  }

  private async passOn(change: TraceChange): Promise<void> {
    const shown = this.secrets.shown
      ? { ...change.answer, summary: await this.document.service.summary({ showSecrets: true }) }
      : change.answer;
    await this.peer.client.changed({ ...change, answer: shown });
  }

  private showAgain(): void {
    quietly(this.firstFrame().then((frame) => this.peer.client.reopened(frame)));
  }

  private moved(position: Place & { readonly sentence: string }): void {
    this.cursor = position;
    if (this.hindstep.views.active === this) this.hindstep.views.setActive(this);
  }
}

/** For messages to a page that may be hidden: a page that isn't there asks for everything when it is shown again. */
function quietly(sent: Promise<unknown>): void {
  sent.catch(() => undefined);
}
