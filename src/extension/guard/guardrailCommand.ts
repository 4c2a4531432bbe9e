import { basename } from 'node:path';
import * as vscode from 'vscode';
import { ruleWords } from '../../core/guard/guardrail/rule.ts';
import { err, messageOf, type Result } from '../../core/util/result.ts';
import { type GuardrailPlan, planGuardrail } from '../../node/guard/planGuardrail.ts';
import { proveGuardrail } from '../../node/guard/writeGuardrail.ts';
import { policyOf } from '../../node/judgement/policyFile.ts';
import { COMMANDS } from '../contributions.ts';
import { openBeside, workspaceFolderOf } from '../editor/openFile.ts';
import type { Place } from '../editor/traceViews.ts';
import { withTrace } from '../editor/withTrace.ts';
import type { Feature, Hindstep } from '../features.ts';
import { policyPathOf } from '../judgementSettings.ts';
import { plainWords } from '../plainWords.ts';
import { testsFolder } from '../settings.ts';
import { refusedByTrust } from '../testing/trust.ts';

/** "Generate Pre-Guardrail…": shows the rule for the step in view, proves its test, and writes both when the person agrees. */
export const guardrailCommand: Feature = (hindstep) => [
  vscode.commands.registerCommand(COMMANDS.generateGuardrail, () => generateInView(hindstep)),
];

const WRITE = 'Prove and Write';

async function generateInView({ views }: Hindstep): Promise<void> {
  const [document, position] = [views.active?.document, views.active?.position];
  if (document === undefined || position === undefined) {
    void vscode.window.showInformationMessage('Open a trace and go to the unsafe step first.');
    return;
  }
  await generateGuardrail(document.uri, position);
}

/** The same for any step of a trace: what comes of it is told by VS Code's own dialogs and messages. */
export async function generateGuardrail(uri: vscode.Uri, place: Place): Promise<void> {
  const folder = workspaceFolderOf(uri);
  if (folder === undefined) {
    void vscode.window.showWarningMessage(
      'A guardrail needs a folder to lie in: open the folder of your agent and try again.',
    );
    return;
  }
  if (refusedByTrust('Proving a guardrail') !== undefined) return;
  const plan = await planFor(uri, folder, place).catch((thrown) => err(messageOf(thrown)));
  if (!plan.ok) {
    void vscode.window.showErrorMessage(plainWords(plan.error));
    return;
  }
  const detail = detailOf(plan.value);
  const question = `From now on ${ruleWords(plan.value.rule)}?`;
  const chosen = await vscode.window.showInformationMessage(plainWords(question), { modal: true, detail }, WRITE);
  if (chosen !== WRITE) return;
  const made = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'Proving the guardrail', cancellable: true },
    (_progress, cancel) => {
      const stop = new AbortController();
      cancel.onCancellationRequested(() => stop.abort());
      return proveGuardrail(plan.value, folder.uri.fsPath, { write: true, signal: stop.signal });
    },
  );
  if (!made.ok) {
    void vscode.window.showErrorMessage(plainWords(made.error));
    return;
  }
  const [check] = made.value.files;
  if (check !== undefined) await openBeside(uri, check);
  void vscode.window.showInformationMessage(plainWords(`${made.value.proof} Run it: ${made.value.command}`));
}

async function planFor(
  uri: vscode.Uri,
  folder: vscode.WorkspaceFolder,
  { run: id, step }: Place,
): Promise<Result<GuardrailPlan>> {
  return withTrace(uri, async (trace) => {
    const run = trace.run(id);
    if (run === undefined) return err('The run is not in the trace any more. Open the trace again.');
    const policyPath = policyPathOf(uri);
    const { policy } = policyPath === undefined ? {} : await policyOf(policyPath, uri.fsPath);
    const tests = testsFolder(folder.uri);
    return planGuardrail({
      trace,
      run,
      step,
      traceFile: uri.fsPath,
      workspaceFolder: folder.uri.fsPath,
      ...(policy !== undefined && { policy }),
      ...(policyPath !== undefined && { policyPath }),
      ...(tests !== undefined && { folder: tests }),
    });
  });
}

/** What will be written, before it is. A dialog shows it as plain text. */
function detailOf({ policy, runner, folder }: GuardrailPlan): string {
  const name = basename(policy.path);
  const rule =
    policy.added.length === 0
      ? `${name} says so already.`
      : [`${name}${policy.before === undefined ? ' (new)' : ''} gets:`, ...policy.added.map(indented)].join('\n');
  return `${rule}\n\nA check and a test for ${runner} go to ${basename(folder)}. The test is run first: without the rule it must be red, with it green.`;
}

/** A dialog leaves out spaces at the begin of a line, but for those that are not to be broken at. */
function indented({ text }: { readonly text: string }): string {
  return text.replace(/^ +/, (spaces) => '\u00a0'.repeat(spaces.length));
}
