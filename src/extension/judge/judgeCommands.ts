import { basename } from 'node:path';
import * as vscode from 'vscode';
import { type SettledQuestion, verdictsOf } from '../../core/judge/conclude.ts';
import { messageOf } from '../../core/util/result.ts';
import { AnswerCache } from '../../node/judgement/judge/answerCache.ts';
import { settleAll, unanswered } from '../../node/judgement/judge/settleAll.ts';
import { COMMANDS } from '../contributions.ts';
import type { TraceDocument } from '../editor/traceDocument.ts';
import type { Feature, Hindstep } from '../features.ts';
import { plainWords } from '../plainWords.ts';
import { judgeSettings } from '../settings.ts';
import { editorModel } from './editorModel.ts';
import { localModel } from './localModel.ts';
import type { ModelToAsk } from './modelToAsk.ts';
import { consentDetail, outcomeSentence, silentSentence } from './sentences.ts';

type FindModel = (document: TraceDocument, signal: AbortSignal) => Promise<ModelToAsk | undefined>;

/** The two ways to have the run in view judged by a model. Nothing else starts either: no model is ever asked by itself. */
export const judgeCommands: Feature = (hindstep) => [
  vscode.commands.registerCommand(COMMANDS.judge, () => judgeActive(hindstep, localModel)),
  vscode.commands.registerCommand(COMMANDS.judgeWithEditorModel, () => {
    if (judgeSettings().editorModels) return judgeActive(hindstep, editorModel);
    return say('Models of VS Code mostly run elsewhere: allow them first, by the setting hindstep.judge.editorModels.');
  }),
];

async function judgeActive({ context, views }: Hindstep, find: FindModel): Promise<void> {
  const view = views.active;
  const run = view?.position?.run;
  if (view === undefined || run === undefined) {
    return say('Open a trace first: a model judges the run that is in view.');
  }
  if (!vscode.workspace.isTrusted) {
    return say('No model is asked about traces of a workspace that you do not trust.');
  }
  const cache = new AnswerCache(vscode.Uri.joinPath(context.globalStorageUri, 'judge').fsPath);
  const { document } = view;
  const stale = { is: false };
  const outdate = () => {
    stale.is = true;
  };
  const watching = [document.onDidChange(outdate), document.onDidReopen(outdate)];
  try {
    await judge(document, run, cache, find, stale);
  } catch (thrown) {
    void vscode.window.showErrorMessage(plainWords(messageOf(thrown)));
  } finally {
    for (const watch of watching) watch.dispose();
  }
}

async function judge(
  document: TraceDocument,
  run: string,
  cache: AnswerCache,
  find: FindModel,
  stale: { readonly is: boolean },
): Promise<void> {
  const name = basename(document.uri.fsPath);
  const prepared = await withProgress(`Preparing questions about ${name}`, async (_report, signal) => {
    const model = await find(document, signal);
    if (model === undefined) return undefined;
    const asked = await document.service.judgeQuestions({ run }, signal);
    return { model, asked, open: await unanswered(asked.questions, model.model, cache) };
  });
  if (prepared === undefined) return;
  const { model, asked, open } = prepared;
  const { questions } = asked;
  if (questions.length === 0) return say(silentSentence(asked));
  if (open.length > 0 && !(await consents(consentDetail(open, questions.length, model.where)))) return;
  await cache.noteModel(model.model);
  const settled = await withProgress<SettledQuestion[]>(`Asking ${model.where}`, (report, signal) =>
    settleAll(questions, { model: model.model, ask: model.ask, cache, signal, onProgress: report }),
  );
  if (settled === undefined) return;
  // What was asked about may stand elsewhere now, or nowhere.
  if (stale.is)
    return say('The trace has changed meanwhile. Have it judged again; what still holds is not asked anew.');
  const verdicts = verdictsOf(asked, settled, model.model);
  await document.addVerdicts(run, verdicts);
  return say(outcomeSentence(model.model.model, verdicts));
}

async function consents(detail: string): Promise<boolean> {
  const send = 'Send';
  const options = { modal: true, detail };
  return (await vscode.window.showInformationMessage('Have a model judge this run?', options, send)) === send;
}

/** Runs work that the person can cancel; undefined when it was cancelled. */
async function withProgress<T>(
  title: string,
  work: (report: (done: number, total: number) => void, signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: plainWords(title), cancellable: true },
    async (progress, cancel) => {
      const stop = new AbortController();
      cancel.onCancellationRequested(() => stop.abort());
      const report = (done: number, total: number) =>
        progress.report({ increment: 100 / Math.max(total, 1), message: `question ${done} of ${total}` });
      try {
        return await work(report, stop.signal);
      } catch (thrown) {
        if (stop.signal.aborted) return undefined;
        throw thrown;
      }
    },
  );
}

function say(sentence: string): void {
  void vscode.window.showInformationMessage(plainWords(sentence));
}
