import { isAbsolute } from 'node:path';
import * as vscode from 'vscode';

/** The workspace folder that a trace's tests belong to: the one it lies in, or else the first. */
export function workspaceFolderOf(trace: vscode.Uri): vscode.WorkspaceFolder | undefined {
  return vscode.workspace.getWorkspaceFolder(trace) ?? vscode.workspace.workspaceFolders?.[0];
}

/** Opens a written file beside the trace, which keeps the focus. `path` is absolute or relative to the trace's workspace folder. */
export async function openBeside(trace: vscode.Uri, path: string): Promise<void> {
  const folder = workspaceFolderOf(trace);
  const uri = isAbsolute(path) || folder === undefined ? vscode.Uri.file(path) : vscode.Uri.joinPath(folder.uri, path);
  await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
}

/** Opens the file in VS Code's own editor. */
export async function openAsText(uri: vscode.Uri, viewColumn = vscode.ViewColumn.Active): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', uri, 'default', { viewColumn });
}
