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

/** The folder of custom evaluators, relative to the workspace folder of `scope`. */
export function evaluatorsFolder(scope: vscode.Uri): string {
  const folder = vscode.workspace.getConfiguration(SETTINGS.section, scope).get(SETTINGS.evaluatorsFolder, '').trim();
  return folder === '' ? 'evaluators' : folder;
}

export interface JudgeSettings {
  /** Where a model listens; undefined when none is set. */
  readonly url: string | undefined;
  readonly model: string | undefined;
  /** Hosts that are not this computer and may be asked all the same. */
  readonly otherHosts: readonly string[];
  /** Whether VS Code's language models may be asked. */
  readonly editorModels: boolean;
}

/** How models may judge, by the person's own settings: a workspace must not say where a trace is sent. */
export function judgeSettings(): JudgeSettings {
  const configuration = vscode.workspace.getConfiguration(SETTINGS.section);
  const own = (name: string): unknown => configuration.inspect(name)?.globalValue;
  const text = (name: string): string | undefined => {
    const value = own(name);
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  const hosts = own(SETTINGS.judgeOtherHosts);
  return {
    url: text(SETTINGS.judgeEndpoint),
    model: text(SETTINGS.judgeModel),
    otherHosts: Array.isArray(hosts) ? hosts.filter((host) => typeof host === 'string') : [],
    editorModels: own(SETTINGS.judgeEditorModels) === true,
  };
}
