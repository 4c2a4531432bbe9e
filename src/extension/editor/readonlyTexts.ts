import * as vscode from 'vscode';
import type { Feature } from '../features.ts';

const SCHEME = 'hindstep-text';
const texts = new Map<string, string>();
let count = 0;

/** Texts that are no file: a record of a file too large for the editor, the two sides of a diff. Read-only. */
export const readonlyTexts: Feature = () => [
  vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '',
  }),
  vscode.workspace.onDidCloseTextDocument(({ uri }) => texts.delete(uri.toString())),
];

/** Gives a text an address. `name` is shown on its tab, and its extension tells the language. */
export function readonlyText(name: string, text: string): vscode.Uri {
  count++;
  const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name.replaceAll(/[\\/]/g, '_')}`, query: String(count) });
  texts.set(uri.toString(), text);
  return uri;
}

/** Opens VS Code's diff editor on two texts. */
export async function showDiff(argument: { title: string; left: string; right: string }): Promise<void> {
  const { title, left, right } = argument;
  const sides = [readonlyText('before', left), readonlyText('after', right)];
  await vscode.commands.executeCommand('vscode.diff', ...sides, title);
}
