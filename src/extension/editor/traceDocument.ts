import * as vscode from 'vscode';
import type { Evaluation, Verdict } from '../../core/evaluators/verdict.ts';
import { messageOf } from '../../core/util/result.ts';
import { startTraceThread, type TraceThread, type TraceThreadData } from '../../node/traceThread.ts';
import { type FileWatch, watchFileChanges } from '../../node/watchFileChanges.ts';
import type { Client } from '../../protocol/rpc.ts';
import type { Progress, RunEvaluation, Shown, TraceChange, TraceService } from '../../protocol/traceService.ts';
import type { FileAnswer, OpenFailure } from '../../protocol/webviewApi.ts';
import { judgementSettings } from '../judgementSettings.ts';
import { plainWords } from '../plainWords.ts';

interface Opening {
  readonly thread: TraceThread;
  /** What is known of the trace by now. */
  readonly answer: FileAnswer;
}

/** Where readers' messages go. */
interface Told {
  readonly progress: vscode.EventEmitter<Progress>;
  readonly changed: vscode.EventEmitter<TraceChange>;
  readonly judged: vscode.EventEmitter<unknown>;
}

/** A reader that dies this often on the same content dies because of it. */
const MOST_RESTARTS = 2;

/**
 * One opened trace file: its reader in a thread of its own, which follows the file when it is written on, and is started
 * anew when it dies.
 */
export class TraceDocument implements vscode.CustomDocument {
  private readonly reopened = new vscode.EventEmitter<void>();
  private readonly evaluated = new vscode.EventEmitter<Evaluation>();
  private readonly judgeable = new vscode.EventEmitter<void>();
  private readonly disposed = new vscode.EventEmitter<void>();
  /** The file was opened again: everything known of it before is void. */
  readonly onDidReopen = this.reopened.event;
  /** There is more of the file, or it holds something else: what is known of its steps is void. */
  readonly onDidChange: vscode.Event<TraceChange>;
  readonly onDidEvaluate = this.evaluated.event;
  /** There is more to judge runs by: their evaluations are void. */
  readonly onDidVoidEvaluations = this.judgeable.event;
  readonly onDidProgress: vscode.Event<Progress>;
  readonly onDidDispose = this.disposed.event;

  private readonly watch: FileWatch;
  private restarts = 0;
  private reopening: Promise<void> | undefined;
  private closed = false;

  /** Opens the file. Never rejects: what can't be read, or was given up waiting for, is an answer with a sentence. */
  static async open(uri: vscode.Uri, data: TraceThreadData, cancel: vscode.CancellationToken): Promise<TraceDocument> {
    const told = {
      progress: new vscode.EventEmitter<Progress>(),
      changed: new vscode.EventEmitter<TraceChange>(),
      judged: new vscode.EventEmitter<unknown>(),
    };
    return new TraceDocument(uri, data, await openIn(data, uri, told, cancel), told);
  }

  private constructor(
    readonly uri: vscode.Uri,
    private readonly data: TraceThreadData,
    private opening: Opening,
    private readonly told: Told,
  ) {
    this.onDidChange = told.changed.event;
    this.onDidProgress = told.progress.event;
    told.judged.event(() => this.judgeable.fire());
    this.restartAfterCrash(opening.thread);
    this.watch = watchFileChanges(uri.fsPath, (quiet) => this.lookAgain(quiet));
    if (opening.answer.status === 'opened' && opening.answer.live) this.watch.expectQuiet();
  }

  get answer(): FileAnswer {
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

  /** Takes in what a model found in a run, and has whoever shows the run judge it again. */
  async addVerdicts(run: string, verdicts: Verdict[]): Promise<void> {
    await this.service.addVerdicts({ run, verdicts });
    this.judgeable.fire();
  }

  /** What is set about how runs are judged has changed: the reader is told, and what was judged is void. */
  async judgeAnew(): Promise<void> {
    await this.service.configure(judgementSettings(this.uri)).catch(() => undefined);
    if (!this.closed) this.judgeable.fire();
  }

  /** Opens the file again because a person wants it, however often its reader died. */
  async tryAgain(): Promise<void> {
    this.restarts = 0;
    await this.reopen();
  }

  dispose(): void {
    this.closed = true;
    this.watch.close();
    this.opening.thread.close();
    this.disposed.fire();
    for (const emitter of [this.reopened, this.evaluated, this.disposed, ...Object.values(this.told)]) {
      emitter.dispose();
    }
  }

  /** The file may have changed: its reader takes that in, or where there was no trace, it is opened again. */
  private async lookAgain(quiet: boolean): Promise<void> {
    if (this.reopening !== undefined) await this.reopening;
    if (this.closed) return;
    this.restarts = 0;
    if (this.opening.answer.status !== 'opened') return quiet ? undefined : this.reopen();
    const { thread } = this.opening;
    await thread.service.refresh({ quiet }).catch(() => {
      // The reader can't go on from what it had; one that died is started again by itself.
      if (!this.closed && thread === this.opening.thread && this.reopening === undefined) void this.reopen();
    });
  }

  private reopen(): Promise<void> {
    this.reopening ??= this.replaceReader().finally(() => {
      this.reopening = undefined;
    });
    return this.reopening;
  }

  private async replaceReader(): Promise<void> {
    const next = await openIn(this.data, this.uri, this.told);
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
      if (this.closed || thread !== this.opening.thread || this.opening.answer.status !== 'opened') return;
      if (this.restarts >= MOST_RESTARTS) {
        const giveUp = `${sentence} That has happened ${MOST_RESTARTS + 1} times, so it is not started again by itself.`;
        this.opening = { thread, answer: failed('stopped', giveUp) };
        this.reopened.fire();
        return;
      }
      this.restarts++;
      void vscode.window.showWarningMessage(plainWords(`${sentence} It was started again.`));
      void this.reopen();
    });
  }
}

async function openIn(
  data: TraceThreadData,
  uri: vscode.Uri,
  { progress, changed, judged }: Told,
  cancel?: vscode.CancellationToken,
): Promise<Opening> {
  let latest: FileAnswer | undefined;
  const thread = startTraceThread(data, uri.fsPath, {
    progress: (argument) => progress.fire(argument),
    changed: (change) => {
      latest = change.answer;
      changed.fire(change);
    },
    judged: (argument) => judged.fire(argument),
  });
  // The reader takes messages in their order, so that nothing is judged before it knows how.
  thread.service.configure(judgementSettings(uri)).catch(() => undefined);
  // A drive that stalls would hold the thread for ever.
  const cancelling = cancel?.onCancellationRequested(() => thread.close());
  const first = await thread.answer.catch((thrown: unknown) =>
    failed(thread.isOver ? 'stopped' : 'unreadable', messageOf(thrown)),
  );
  cancelling?.dispose();
  return {
    thread,
    get answer() {
      return latest ?? first;
    },
  };
}

function failed(what: OpenFailure['what'], sentence: string): FileAnswer {
  return { status: 'failed', failure: { what, sentence } };
}
