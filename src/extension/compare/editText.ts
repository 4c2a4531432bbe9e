import * as vscode from 'vscode';
import { plainWords } from '../plainWords.ts';

/**
 * Has the person change a text, of any length, in an editor of its own. While `problem` finds something wrong with it the
 * question is asked again. Answers the text; undefined when the question is put away or the editor was closed.
 */
export async function editText(
  question: string,
  text: string,
  language: string,
  problem: (text: string) => string | undefined = () => undefined,
): Promise<string | undefined> {
  const document = await vscode.workspace.openTextDocument({ content: text, language });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: false });
  const go = 'Go On';
  let chosen = await vscode.window.showInformationMessage(plainWords(question), go);
  for (let wrong = problem(document.getText()); chosen === go && !document.isClosed && wrong !== undefined; ) {
    chosen = await vscode.window.showWarningMessage(plainWords(wrong), go);
    wrong = problem(document.getText());
  }
  const changed = document.isClosed ? undefined : document.getText();
  await close(document);
  return chosen === go ? changed : undefined;
}

/** Closes the editor without asking whether the text is to be saved. */
async function close(document: vscode.TextDocument): Promise<void> {
  if (document.isClosed) return;
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside });
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
}
