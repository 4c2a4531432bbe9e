import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { EvaluatorLanguage } from '../../node/judgement/custom/findCustomEvaluators.ts';
import { isEvaluatorName, newEvaluator } from '../../node/judgement/custom/newEvaluator.ts';
import { COMMANDS } from '../contributions.ts';
import type { Feature, Hindstep } from '../features.ts';
import { plainWords } from '../plainWords.ts';
import { folderOf } from './evaluatorsFolder.ts';

const LANGUAGES: readonly { readonly label: string; readonly language: EvaluatorLanguage }[] = [
  { label: 'TypeScript', language: 'ts' },
  { label: 'JavaScript', language: 'js' },
  { label: 'Python', language: 'py' },
];

/** "New Custom Evaluator…": asks for the language and a name, writes an example with completion, and opens it. */
export const newEvaluatorCommand: Feature = (hindstep) => [
  vscode.commands.registerCommand(COMMANDS.newEvaluator, () => create(hindstep)),
];

async function create({ views }: Hindstep): Promise<void> {
  const workspaceFolder = folderFor(views.active?.document.uri);
  const folder = workspaceFolder && folderOf(workspaceFolder);
  if (folder === undefined) {
    const why =
      workspaceFolder === undefined ? 'Open a folder first' : 'Choose a folder inside the workspace in the settings';
    void vscode.window.showWarningMessage(plainWords(`${why}; custom evaluators stand in it.`));
    return;
  }
  const picked = await vscode.window.showQuickPick(LANGUAGES, {
    title: 'New Custom Evaluator',
    placeHolder: 'Language',
  });
  if (picked === undefined) return;
  const name = await vscode.window.showInputBox({
    title: 'New Custom Evaluator',
    prompt: 'What does it judge? The name becomes the file and the id of its verdicts.',
    placeHolder: 'refund-limit',
    validateInput: (text) => (isEvaluatorName(text) ? undefined : 'Small letters, digits and hyphens: refund-limit'),
  });
  if (name === undefined) return;
  const made = await newEvaluator({ folder, name, language: picked.language });
  if (!made.ok) {
    void vscode.window.showErrorMessage(plainWords(made.error));
    return;
  }
  const { path, kept } = made.value;
  await vscode.window.showTextDocument(vscode.Uri.file(path));
  if (kept !== undefined) {
    const words = `${basename(kept)} is another version than this Hindstep's and was left as it is.`;
    void vscode.window.showInformationMessage(plainWords(words));
  }
}

/** The folder of the trace that is looked at, else the only one or the first. */
function folderFor(trace: vscode.Uri | undefined): vscode.WorkspaceFolder | undefined {
  return (trace && vscode.workspace.getWorkspaceFolder(trace)) ?? vscode.workspace.workspaceFolders?.[0];
}
