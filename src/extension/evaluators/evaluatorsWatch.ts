import * as vscode from 'vscode';
import { SETTINGS } from '../contributions.ts';
import type { TraceDocument } from '../editor/traceDocument.ts';
import type { Feature } from '../features.ts';
import { folderOf } from './evaluatorsFolder.ts';

/** Files that evaluators are made of; what they write themselves must not start them again. */
const SOURCES = '**/*.{mjs,js,ts,py}';
/** Saving all files, or checking out a branch, is one change. ms */
const SETTLED_AFTER = 300;

/** Judges open traces anew when a file of their custom evaluators changes, their folder does, or trust is granted. */
export const evaluatorsWatch: Feature = ({ views }) => {
  const open = new Set<TraceDocument>();
  let watchers: vscode.Disposable[] = [];
  let timer: NodeJS.Timeout | undefined;
  const judgeAnew = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      for (const document of open) void document.judgeAnew();
    }, SETTLED_AFTER);
  };
  const watch = () => {
    for (const watcher of watchers) watcher.dispose();
    watchers = (vscode.workspace.workspaceFolders ?? []).flatMap((workspaceFolder) => {
      const folder = folderOf(workspaceFolder);
      if (folder === undefined) return [];
      const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, SOURCES));
      return [watcher, ...[watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete].map((on) => on(judgeAnew))];
    });
  };
  watch();
  return [
    { dispose: () => clearTimeout(timer) },
    { dispose: () => vscode.Disposable.from(...watchers).dispose() },
    vscode.workspace.onDidChangeWorkspaceFolders(watch),
    vscode.workspace.onDidGrantWorkspaceTrust(judgeAnew),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration(`${SETTINGS.section}.${SETTINGS.evaluatorsFolder}`)) return;
      watch();
      judgeAnew();
    }),
    views.onDidOpenDocument((document) => {
      open.add(document);
      document.onDidDispose(() => open.delete(document));
    }),
  ];
};
