import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';

/** A form that something of a trace can be written in. */
interface Form {
  readonly id: string;
  readonly title: string;
  /** With its dot. */
  readonly extension: string;
}

/** Asks in which form and where something of a trace is to be written; undefined when the person thought better of it. */
export async function askExportTarget<F extends Form>(
  trace: vscode.Uri,
  title: string,
  forms: readonly F[],
): Promise<{ readonly form: F; readonly target: vscode.Uri } | undefined> {
  const picked = await vscode.window.showQuickPick(
    forms.map((form) => ({ label: form.title, description: form.id, form })),
    { title, placeHolder: 'Secrets are replaced by placeholders in every format' },
  );
  if (picked === undefined) return undefined;
  const { form } = picked;
  const path = trace.fsPath;
  const name = `${basename(path).replace(/(?:\.trace)?\.[^.]+$/, '')}${form.extension}`;
  const target = await vscode.window.showSaveDialog({
    title: `Export as ${form.title}`,
    defaultUri: vscode.Uri.file(join(dirname(path), name)),
  });
  if (target === undefined) return undefined;
  if (target.fsPath !== path) return { form, target };
  void vscode.window.showErrorMessage('The trace itself is never written over; choose another name.');
  return undefined;
}
