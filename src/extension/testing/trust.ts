import * as vscode from 'vscode';
import { plainWords } from '../plainWords.ts';

const ONLY_TRUSTED =
  'runs code of this workspace, which VS Code allows only in a workspace that you trust. Trust it and try again.';

/** Undefined in a trusted workspace; else the sentence that says why `what` is not done, which is also shown with a way to grant trust. */
export function refusedByTrust(
  what: 'Proving a fixture' | 'Proving a test' | 'Proving a guardrail' | 'Running a test' | 'Forking a run',
): string | undefined {
  if (vscode.workspace.isTrusted) return undefined;
  const sentence = `${what} ${ONLY_TRUSTED}`;
  void offerTrust(sentence);
  return sentence;
}

async function offerTrust(sentence: string): Promise<void> {
  const manage = 'Manage Workspace Trust';
  const chosen = await vscode.window.showWarningMessage(plainWords(sentence), manage);
  if (chosen === manage) await vscode.commands.executeCommand('workbench.trust.manage');
}
