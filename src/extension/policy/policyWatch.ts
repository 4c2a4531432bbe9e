import * as vscode from 'vscode';
import { POLICY_FILE } from '../../core/evaluators/policy/readPolicy.ts';
import type { TraceDocument } from '../editor/traceDocument.ts';
import type { Feature } from '../features.ts';

/** Judges open traces anew when a policy is written, made or removed. */
export const policyWatch: Feature = ({ views }) => {
  const open = new Set<TraceDocument>();
  const watcher = vscode.workspace.createFileSystemWatcher(`**/${POLICY_FILE}`);
  const judgeAnew = (policy: vscode.Uri) => {
    const folder = vscode.Uri.joinPath(policy, '..').path;
    for (const document of open) {
      if (document.uri.path.startsWith(`${folder}/`)) void document.judgeAnew();
    }
  };
  return [
    watcher,
    watcher.onDidChange(judgeAnew),
    watcher.onDidCreate(judgeAnew),
    watcher.onDidDelete(judgeAnew),
    views.onDidOpenDocument((document) => {
      open.add(document);
      document.onDidDispose(() => open.delete(document));
    }),
  ];
};
