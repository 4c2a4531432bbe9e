import { basename } from 'node:path';
import * as vscode from 'vscode';
import { EXPORTERS } from '../../core/convert/exporters.ts';
import { messageOf } from '../../core/util/result.ts';
import { startExport } from '../../node/exportThread.ts';
import { describeExport } from '../../node/exportTrace.ts';
import { COMMANDS } from '../contributions.ts';
import type { Feature, Hindstep } from '../features.ts';
import { plainWords } from '../plainWords.ts';
import { askExportTarget } from './exportTarget.ts';

/** "Export Trace As…": asks for the format and the file, writes it without secrets, and says what was left out. */
export const exportCommand: Feature = (hindstep) => [
  vscode.commands.registerCommand(COMMANDS.exportTrace, () => exportActive(hindstep)),
];

async function exportActive({ context, views }: Hindstep): Promise<void> {
  const document = views.active?.document;
  if (document === undefined) {
    void vscode.window.showInformationMessage('Open a trace first; then it can be exported.');
    return;
  }
  const asked = await askExportTarget(document.uri, 'Export Trace As…', EXPORTERS);
  if (asked === undefined) return;
  const { form: exporter, target } = asked;
  const path = document.uri.fsPath;
  const script = vscode.Uri.joinPath(context.extensionUri, 'dist', 'worker.cjs').fsPath;
  try {
    const exported = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `Exporting ${basename(path)}`, cancellable: true },
      (progress, cancel) => {
        const stop = new AbortController();
        cancel.onCancellationRequested(() => stop.abort());
        let last = 0;
        const report = (done: number, total: number) => {
          const percent = (100 * done) / Math.max(total, 1);
          progress.report({ increment: percent - last });
          last = percent;
        };
        return startExport(script, { what: 'trace', path, to: exporter.id, out: target.fsPath }, report, stop.signal);
      },
    );
    const sentences = [`${basename(target.fsPath)} was written.`, ...describeExport(exported, exporter)];
    const open = await vscode.window.showInformationMessage(plainWords(sentences.join(' ')), 'Open');
    if (open !== undefined) await vscode.commands.executeCommand(COMMANDS.open, target);
  } catch (thrown) {
    void vscode.window.showErrorMessage(plainWords(messageOf(thrown)));
  }
}
