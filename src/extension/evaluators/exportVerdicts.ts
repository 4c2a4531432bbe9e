import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import type { Evaluation } from '../../core/evaluators/verdict.ts';
import { messageOf } from '../../core/util/result.ts';
import { VERDICT_WRITERS } from '../../core/verdictFiles/writers.ts';
import { startExport } from '../../node/exportThread.ts';
import { COMMANDS } from '../contributions.ts';
import { askExportTarget } from '../editor/exportTarget.ts';
import type { TraceDocument } from '../editor/traceDocument.ts';
import type { Feature, Hindstep } from '../features.ts';
import { plainWords } from '../plainWords.ts';

/** "Export Verdicts As…": asks for the format and the file and writes what was judged of all runs, without secrets. */
export const exportVerdictsCommand: Feature = (hindstep) => [
  vscode.commands.registerCommand(COMMANDS.exportVerdicts, () => exportActive(hindstep)),
];

async function exportActive({ context, views }: Hindstep): Promise<void> {
  const document = views.active?.document;
  if (document === undefined) {
    void vscode.window.showInformationMessage('Open a trace first; then its verdicts can be exported.');
    return;
  }
  const asked = await askExportTarget(document.uri, 'Export Verdicts As…', VERDICT_WRITERS);
  if (asked === undefined) return;
  const { form: writer, target } = asked;
  const path = document.uri.fsPath;
  const script = vscode.Uri.joinPath(context.extensionUri, 'dist', 'worker.cjs').fsPath;
  const folder = vscode.workspace.getWorkspaceFolder(document.uri)?.uri.fsPath ?? dirname(path);
  const version = String((context.extension.packageJSON as { readonly version?: unknown }).version);
  try {
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `Exporting ${basename(path)}`, cancellable: true },
      async (progress, cancel) => {
        const stop = new AbortController();
        cancel.onCancellationRequested(() => stop.abort(new Error('The export was cancelled; nothing was written.')));
        const evaluations = await evaluationsOf(document, progress, stop.signal);
        const request = {
          what: 'verdicts',
          path,
          folder,
          to: writer.id,
          out: target.fsPath,
          evaluations,
          version,
        } as const;
        return startExport(script, request, () => progress.report({ message: 'looking for secrets' }), stop.signal);
      },
    );
    const words = `${basename(target.fsPath)} was written.`;
    const open = await vscode.window.showInformationMessage(plainWords(words), 'Open');
    if (open !== undefined) await vscode.commands.executeCommand('vscode.open', target);
  } catch (thrown) {
    void vscode.window.showErrorMessage(plainWords(messageOf(thrown)));
  }
}

/** What the reader judges of every run, as it stands: the writer replaces the secrets. */
async function evaluationsOf(
  { answer, service }: TraceDocument,
  progress: vscode.Progress<{ message?: string }>,
  signal: AbortSignal,
): Promise<Evaluation[]> {
  const runs = answer.status === 'opened' ? answer.summary.runs : [];
  const evaluations: Evaluation[] = [];
  for (const [i, run] of runs.entries()) {
    signal.throwIfAborted();
    progress.report({ message: `run ${i + 1} of ${runs.length}` });
    evaluations.push(await service.evaluate({ run: run.id, showSecrets: true, whole: true }, signal));
  }
  return evaluations;
}
