import * as vscode from 'vscode';
import type { Policy } from '../../core/evaluators/policy/policy.ts';
import { messageOf } from '../../core/util/result.ts';
import { policyOf } from '../../node/judgement/policyFile.ts';
import { draftTest as draft, impossibleDraft } from '../../node/regression/draftTest.ts';
import { generateTest as generate } from '../../node/regression/generateTest.ts';
import { FIXTURE_ENDING } from '../../node/testRuns/findFixtures.ts';
import type { TestDraft, TestOutcome, TestRequest } from '../../protocol/webviewApi.ts';
import { openBeside, workspaceFolderOf } from '../editor/openFile.ts';
import { withTrace } from '../editor/withTrace.ts';
import { policyPathOf } from '../judgementSettings.ts';
import { testsFolder } from '../settings.ts';
import { refusedByTrust } from './trust.ts';

const NO_FOLDER = 'A test needs a folder to lie in: open the folder of your agent (File, Open Folder…) and try again.';

/** The fixture of every test that is written. */
export const fixtureWritten = new vscode.EventEmitter<vscode.Uri>();

/** What the dialog starts from. Rejects with a sentence in Restricted Mode. */
export async function draftTest(trace: vscode.Uri, place: { run: string; step: number }): Promise<TestDraft> {
  const folder = workspaceFolderOf(trace);
  if (folder === undefined) return impossibleDraft(NO_FOLDER);
  // Already asking which runners are installed starts programs in the folder.
  requireTrust();
  const made = await withTrace(trace, async (opened) =>
    draft({ trace: opened, ...place, workspaceFolder: folder.uri.fsPath, ...(await policyOfTrace(trace)) }),
  );
  const wanted = testsFolder(folder.uri);
  if (wanted === undefined) return made;
  return { ...made, runners: made.runners.map((runner) => ({ ...runner, folder: wanted })) };
}

/** Builds, proves and writes the test, or says what stands in the way. */
export async function generateTest(
  trace: vscode.Uri,
  request: TestRequest,
  onProgress: (line: string) => void,
  signal: AbortSignal,
): Promise<TestOutcome> {
  const folder = workspaceFolderOf(trace);
  if (folder === undefined) return { status: 'failed', reason: NO_FOLDER };
  try {
    requireTrust();
    const outcome = await withTrace(trace, async (opened) => {
      const { run, step } = request;
      const [workspaceFolder, traceFile] = [folder.uri.fsPath, trace.fsPath];
      const judged = await policyOfTrace(trace);
      return generate({ trace: opened, run, step, request, workspaceFolder, traceFile, ...judged, onProgress, signal });
    });
    if (outcome.status === 'written') {
      await openBeside(trace, outcome.testFile);
      const fixture = outcome.files.find((file) => file.endsWith(FIXTURE_ENDING));
      if (fixture !== undefined) fixtureWritten.fire(vscode.Uri.file(fixture));
    }
    return outcome;
  } catch (thrown) {
    return { status: 'failed', reason: messageOf(thrown) };
  }
}

/** The policy by which the editor judges the trace, so that a test is made of the same finding. */
async function policyOfTrace(trace: vscode.Uri): Promise<{ policy?: Policy }> {
  const path = policyPathOf(trace);
  const { policy } = path === undefined ? {} : await policyOf(path, trace.fsPath);
  return policy === undefined ? {} : { policy };
}

/** Throws the sentence, which is also shown, in Restricted Mode. */
function requireTrust(): void {
  const refused = refusedByTrust('Proving a test');
  if (refused !== undefined) throw new Error(refused);
}
