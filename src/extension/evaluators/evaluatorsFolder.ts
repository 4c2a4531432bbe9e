import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import * as vscode from 'vscode';
import type { CustomEvaluatorSettings } from '../../protocol/judgementSettings.ts';
import { evaluatorsFolder } from '../settings.ts';

/** The custom evaluators by which a trace is judged: those of its workspace folder, once that is trusted. */
export function customEvaluatorsOf(trace: vscode.Uri): CustomEvaluatorSettings | undefined {
  const workspaceFolder = vscode.workspace.getWorkspaceFolder(trace);
  if (!vscode.workspace.isTrusted || workspaceFolder === undefined) return undefined;
  const folder = folderOf(workspaceFolder);
  return folder !== undefined && isFolder(folder) ? { folder } : undefined;
}

/** Where the evaluators of a workspace folder stand, or would; undefined when the setting leads out of it. */
export function folderOf(workspaceFolder: vscode.WorkspaceFolder): string | undefined {
  const top = workspaceFolder.uri.fsPath;
  const folder = resolve(top, evaluatorsFolder(workspaceFolder.uri));
  if (!isInside(folder, top)) return undefined;
  const real = realPath(folder);
  return real === undefined || isInside(real, realPath(top) ?? top) ? folder : undefined;
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** With links followed; undefined for what is not there yet. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
