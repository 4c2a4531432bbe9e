import * as vscode from 'vscode';
import type { ViewCommand } from '../../protocol/webviewApi.ts';
import { VIEW_COMMANDS } from '../contributions.ts';
import type { Feature } from '../features.ts';

/** Every button of the debugger as a VS Code command, so that people can rebind it. It goes to the active debugger. */
export const viewCommands: Feature = ({ views }) =>
  (Object.keys(VIEW_COMMANDS) as ViewCommand[]).map((name) =>
    vscode.commands.registerCommand(VIEW_COMMANDS[name], () => {
      if (views.active !== undefined) views.active.command(name);
      else void vscode.window.showInformationMessage('Open a trace first: this command works on the active debugger.');
    }),
  );
