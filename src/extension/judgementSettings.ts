import * as vscode from 'vscode';
import { findPolicy } from '../node/judgement/policyFile.ts';
import type { JudgementSettings } from '../protocol/judgementSettings.ts';
import { customEvaluatorsOf } from './evaluators/evaluatorsFolder.ts';

/** How runs of a trace are judged, by what stands in its workspace folder and in the settings. */
export function judgementSettings(trace: vscode.Uri): JudgementSettings {
  const policyPath = policyPathOf(trace);
  const customEvaluators = customEvaluatorsOf(trace);
  return { ...(policyPath !== undefined && { policyPath }), ...(customEvaluators && { customEvaluators }) };
}

/** The policy that holds for a trace: the nearest upward within its workspace folder. */
export function policyPathOf(trace: vscode.Uri): string | undefined {
  const folder = vscode.workspace.getWorkspaceFolder(trace);
  return findPolicy(trace.fsPath, folder === undefined ? [] : [folder.uri.fsPath]);
}
