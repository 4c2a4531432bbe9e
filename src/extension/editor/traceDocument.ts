import { type Stats, unwatchFile, watchFile } from 'node:fs';
import * as vscode from 'vscode';
import type { Evaluation } from '../../core/evaluators/verdict.ts';
import { messageOf } from '../../core/util/result.ts';
import { startTraceThread, type TraceThread } from '../../node/traceThread.ts';
import type { Client } from '../../protocol/rpc.ts';
import type { OpenAnswer, Progress, RunEvaluation, Shown, TraceService } from '../../protocol/traceService.ts';

interface Opening {
  readonly thread: TraceThread;
  readonly answer: OpenAnswer;
}

/** How often the file is looked at for changes, in ms. Polling sees replaced files and network drives too. */
const LOOK_AGAIN = 1000;

/** A reader that dies this often on the same content dies because of it. */
const MOST_RESTARTS = 2;

/** One opened trace file: its reader in a thread of its own, opened anew when the file changes or the thread dies. */
export class TraceDocument implements vscode.CustomDocument {
  private readonly reopened = new vscode.EventEmitter<void>();
  private readonly evaluated = new vscode.EventEmitter<Evaluation>();
  private readonly progressed = new vscode.EventEmitter<Progress>();
  private readonly disposed = new vscode.EventEmitter<void>();
  /** The file was read again: everything known of it before is void. */
  readonly onDidReopen = this.reopened.event;
  readonly onDidEvaluate = this.evaluated.event;
  readonly onDidProgress = this.progressed.event;
  readonly onDidDispose = this.disposed.event;

  private restarts = 0;
  private reopening: Promise<void> | undefined;
  private changedMeanwhile = false;
  private closed = false;

  /** Opens the file. Never rejects: what can't be read is an answer with a sentence. */
  static async open(uri: vscode.Uri, script: string): Promise<TraceDocument> {
    const events = new vscode.EventEmitter<Progress>();
    const document = new TraceDocument(uri, script, await openIn(script, uri, events), events);
    return document;
  }

  private constructor(
    readonly uri: vscode.Uri,
    private readonly script: string,
    private opening: Opening,
    events: vscode.EventEmitter<Progress>,
  ) {
    events.event((progress) => this.progressed.fire(progress));
    this.restartAfterCrash(opening.thread);
    watchFile(uri.fsPath, { interval: LOOK_AGAIN, persistent: false }, this.onFile);
  }

  get answer(): OpenAnswer {
    return this.opening.answer;
  }

  /** The reader of the current content. Requests to it are rejected with a sentence when it dies or the file changes. */
  get service(): Client<TraceService> {
    return this.opening.thread.service;
  }

  /** Evaluates a run (the reader caches it) and tells everybody who shows findings. */
  async evaluate(argument: { run: string } & Shown, signal: AbortSignal): Promise<RunEvaluation> {
    const evaluation = await this.service.evaluate(argument, signal);
    this.evaluated.fire(evaluation);
    return evaluation;
  }

  dispose(): void {
    this.closed = true;
    unwatchFile(this.uri.fsPath, this.onFile);
    this.opening.thread.close();
    this.disposed.fire();
    for (const emitter of [this.reopened, this.evaluated, this.progressed, this.disposed]) emitter.dispose();
  }

  private readonly onFile = (now: Stats, before: Stats): void => {
    // A deleted file stays readable through the open descriptor: the person goes on with what was there.
    if (now.nlink === 0 || (now.mtimeMs === before.mtimeMs && now.size === before.size)) return;
    this.restarts = 0;
    if (this.reopening === undefined) this.reopen();
    else this.changedMeanwhile = true;
  };

  private reopen(): void {
    this.reopening = this.replaceReader().finally(() => {
      this.reopening = undefined;
      if (this.changedMeanwhile && !this.closed) {
        this.changedMeanwhile = false;
        this.reopen();
      }
    });
  }

  private async replaceReader(): Promise<void> {
    const next = await openIn(this.script, this.uri, this.progressed);
    if (this.closed) {
      next.thread.close();
      return;
    }
    this.opening.thread.close();
    this.opening = next;
    this.restartAfterCrash(next.thread);
    this.reopened.fire();
  }

  private restartAfterCrash(thread: TraceThread): void {
    void thread.crashed.then((sentence) => {
      if (this.closed || thread !== this.opening.thread || this.opening.answer.status === 'declined') return;
      if (this.restarts >= MOST_RESTARTS) {
        const giveUp = `${sentence} That has happened ${MOST_RESTARTS + 1} times, so it is not started again; close the editor and open the file as text.`;
        this.opening = { thread, answer: declined(giveUp) };
        this.reopened.fire();
        return;
      }
      this.restarts++;
      void vscode.window.showWarningMessage(`${sentence} It was started again.`);
      this.reopen();
    });
  }
}

async function openIn(script: string, uri: vscode.Uri, events: vscode.EventEmitter<Progress>): Promise<Opening> {
  const thread = startTraceThread(script, uri.fsPath, { progress: (progress) => events.fire(progress) });
  const answer = await thread.answer.catch((thrown: unknown) => declined(messageOf(thrown)));
  return { thread, answer };
}

function declined(sentence: string): OpenAnswer {
  return { status: 'declined', decline: { reason: 'unknown', sentence, handBack: false } };
}
