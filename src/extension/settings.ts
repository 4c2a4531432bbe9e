import * as vscode from 'vscode';
import { SETTINGS } from './contributions.ts';

/** Whether Continue stops at failures besides breakpoints. */
export function stopAtFailures(): boolean {
  return vscode.workspace.getConfiguration(SETTINGS.section).get(SETTINGS.stopAtFailures, true);
}

/** The folder for generated tests, relative to the workspace folder of `scope`; undefined leaves it to the runner. */
export function testsFolder(scope: vscode.Uri): string | undefined {
  const folder = vscode.workspace.getConfiguration(SETTINGS.section, scope).get(SETTINGS.testsFolder, '').trim();
  return folder === '' ? undefined : folder;
}
