import * as vscode from 'vscode';
import { VIEW_COMMANDS } from '../contributions.ts';
import type { Feature } from '../features.ts';

/** Says where the cursor of the active debugger is. A click goes to the suspect step. */
export const statusBar: Feature = ({ views }) => {
  const item = vscode.window.createStatusBarItem('hindstep.position', vscode.StatusBarAlignment.Left, 0);
  item.name = 'Hindstep: step';
  item.command = VIEW_COMMANDS.goToSuspect;
  item.tooltip = 'Go to the suspect step';
  const show = () => {
    const sentence = views.active?.position?.sentence;
    if (sentence === undefined) {
      item.hide();
      return;
    }
    // `$(...)` would be drawn as an icon: the sentence holds words of the trace.
    item.text = sentence.replaceAll('$(', '$ (');
    item.show();
  };
  return [item, views.onDidChangeActive(show)];
};
