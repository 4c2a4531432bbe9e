import { basename } from 'node:path';
import * as vscode from 'vscode';
import { POLICY_FILE, readPolicy } from '../../core/evaluators/policy/readPolicy.ts';
import type { Feature } from '../features.ts';
import { policyPathOf } from '../judgementSettings.ts';

/**
 * What a policy says that can't be understood, in the Problems panel: of policies that are open, as they are typed, and
 * of those by which open traces are judged, as they stand on disk.
 */
export const policyProblems: Feature = ({ views }) => {
  const collection = vscode.languages.createDiagnosticCollection('hindstep.policy');
  /** Policies of traces that were opened. */
  const used = new Set<string>();
  const watcher = vscode.workspace.createFileSystemWatcher(`**/${POLICY_FILE}`);
  const check = async (uri: vscode.Uri) => {
    const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    if (open !== undefined) show(open);
    else if (!used.has(uri.toString())) collection.delete(uri);
    else await vscode.workspace.openTextDocument(uri).then(show, () => collection.delete(uri));
  };
  const show = (document: vscode.TextDocument) => collection.set(document.uri, problemsOf(document));
  const note = (document: vscode.TextDocument) => {
    if (basename(document.uri.path) === POLICY_FILE) show(document);
  };
  vscode.workspace.textDocuments.forEach(note);
  return [
    collection,
    watcher,
    watcher.onDidChange(check),
    watcher.onDidCreate(check),
    watcher.onDidDelete((uri) => collection.delete(uri)),
    vscode.workspace.onDidOpenTextDocument(note),
    vscode.workspace.onDidChangeTextDocument(({ document }) => note(document)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (basename(uri.path) === POLICY_FILE && !used.has(uri.toString())) collection.delete(uri);
    }),
    views.onDidOpenDocument(({ uri }) => {
      const path = policyPathOf(uri);
      if (path === undefined) return;
      const policy = vscode.Uri.file(path);
      used.add(policy.toString());
      void check(policy);
    }),
  ];
};

function problemsOf(document: vscode.TextDocument): vscode.Diagnostic[] {
  return readPolicy(document.getText()).problems.map(({ offset, length, message }) => {
    const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
    const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Error);
    diagnostic.source = 'Hindstep';
    return diagnostic;
  });
}
