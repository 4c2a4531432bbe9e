import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { walkWorkspace } from '../../node/regression/walkWorkspace.ts';
import { FIXTURE_ENDING } from '../../node/testRuns/findFixtures.ts';
import type { FixtureRun } from '../../node/testRuns/runFixtures.ts';
import { runTraceOf } from '../../node/testRuns/runTrace.ts';
import type { Hindstep } from '../features.ts';
import { plainWords } from '../plainWords.ts';

/**
 * Opens what the agent did under a test in the debugger, at the step where it left what is expected. Where no agent was
 * run, the trace that the fixture was made from, at the step that it is about.
 */
export async function openDivergence({ context, views }: Hindstep, run: FixtureRun): Promise<void> {
  const made = await runTraceOf(run);
  if (made !== undefined) {
    // An agent's run is kept for the person alone, beside what else the extension keeps of this workspace.
    const folder = join((context.storageUri ?? context.globalStorageUri).fsPath, 'runs');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, `${basename(run.fixtureFile, FIXTURE_ENDING)}.run.trace.json`);
    await writeFile(file, made.text, { mode: 0o600 });
    await views.open(vscode.Uri.file(file), { run: made.run, step: made.step });
    return;
  }
  const source = run.test?.fixture.source;
  const trace = source === undefined ? undefined : await traceNamed(source.fileName);
  if (source === undefined || trace === undefined) {
    const why = source === undefined ? run.problems.join(' ') : `There is no ${source.fileName} in this workspace.`;
    void vscode.window.showWarningMessage(plainWords(`There is no run to look at. ${why}`));
    return;
  }
  await views.open(trace, { run: source.run, step: source.step });
}

/** Looks through names, because anybody may have made the fixture: its name must be neither a pattern nor a path. */
async function traceNamed(name: string): Promise<vscode.Uri | undefined> {
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    for await (const path of walkWorkspace(uri.fsPath, (one) => one === name)) return vscode.Uri.joinPath(uri, path);
  }
  return undefined;
}
