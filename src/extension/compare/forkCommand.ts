import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { partingSentence } from '../../core/compare/partingSentence.ts';
import { maskText } from '../../core/redact/mask.ts';
import { forkOf } from '../../core/regression/fork/forkOf.ts';
import { messageOf } from '../../core/util/result.ts';
import { secretlintDetector } from '../../node/regression/secretDetector.ts';
import { type ForkedRun, forkRun } from '../../node/replay/fork/forkRun.ts';
import { traceText } from '../../node/replay/fork/traceText.ts';
import { writeWhole } from '../../node/writeWhole.ts';
import { COMMANDS } from '../contributions.ts';
import { workspaceFolderOf } from '../editor/openFile.ts';
import type { TraceView } from '../editor/traceView.ts';
import { withTrace } from '../editor/withTrace.ts';
import type { Feature } from '../features.ts';
import { plainWords } from '../plainWords.ts';
import { refusedByTrust } from '../testing/trust.ts';
import { chooseDriver } from './chooseDriver.ts';
import { chooseEdit } from './chooseEdit.ts';
import { showCompared } from './showCompared.ts';

/** "Fork from This Step…": changes the step in view, lets an agent go on from it, and shows the new run beside the old one. */
export const forkCommand: Feature = ({ views }) => [
  vscode.commands.registerCommand(COMMANDS.fork, async () => {
    const view = views.active;
    if (view?.position === undefined) {
      void vscode.window.showInformationMessage('Open a trace first; then a step of it can be forked.');
      return;
    }
    if (refusedByTrust('Forking a run') !== undefined) return;
    try {
      await forkView(view, view.position);
    } catch (thrown) {
      void vscode.window.showErrorMessage(plainWords(maskText(messageOf(thrown))));
    }
  }),
];

async function forkView({ document }: TraceView, { run: id, step }: { run: string; step: number }): Promise<void> {
  const { uri } = document;
  await withTrace(uri, async (trace) => {
    const run = trace.run(id);
    if (run === undefined) throw new Error('The trace has changed since; go to the step again.');
    const asRecorded = await forkOf(trace, run, step, { kind: 'none' }, secretlintDetector);
    if (!asRecorded.ok) throw new Error(asRecorded.error);
    const edit = await chooseEdit(step, asRecorded.value);
    if (edit === undefined) return;
    const fork = await forkOf(trace, run, step, edit, secretlintDetector);
    if (!fork.ok) throw new Error(fork.error);
    const folder = workspaceFolderOf(uri)?.uri ?? vscode.Uri.file(dirname(uri.fsPath));
    const driver = await chooseDriver(folder, fork.value.fixture);
    if (driver === undefined) return;
    const title = `Going on from step ${step + 1}`;
    const forked = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (_progress, cancel) => {
        const stop = new AbortController();
        cancel.onCancellationRequested(() => stop.abort());
        return forkRun(fork.value, [trace, run], driver, stop.signal).catch((thrown: unknown) => {
          if (stop.signal.aborted) return undefined;
          throw thrown;
        });
      },
    );
    if (forked === undefined) return;
    const { compared, known, forked: made } = forked;
    await showCompared(
      `${basename(uri.fsPath)} ↔ fork from step ${step + 1}`,
      compared,
      [known, run],
      [made.trace, made.run],
    );
    // It waits for an answer that may never come; the trace is closed without it.
    void offerToSave(forked, uri, step);
  });
}

async function offerToSave(forked: ForkedRun, uri: vscode.Uri, step: number): Promise<void> {
  const { compared, ended, note, text } = forked;
  const told = [partingSentence(compared), ended === undefined ? '' : `It ended there: ${ended}`, note ?? ''];
  const sentence = maskText(told.filter((one) => one !== '').join(' '));
  const save = 'Save as Trace…';
  if ((await vscode.window.showInformationMessage(plainWords(sentence), save)) !== save) return;
  const name = `${basename(uri.fsPath).replace(/(?:\.trace)?\.[^.]+$/, '')}.fork-${step + 1}.trace.json`;
  const target = await vscode.window.showSaveDialog({
    title: 'Save the Forked Run',
    defaultUri: vscode.Uri.file(join(dirname(uri.fsPath), name)),
  });
  if (target === undefined) return;
  if (target.fsPath === uri.fsPath) {
    void vscode.window.showErrorMessage('The trace itself is never written over; choose another name.');
    return;
  }
  try {
    // The dialog has asked whether a file that is there may be replaced.
    await writeWhole(target.fsPath, [await traceText(text)], { overwrite: true });
    await vscode.commands.executeCommand(COMMANDS.open, target);
  } catch (thrown) {
    void vscode.window.showErrorMessage(plainWords(messageOf(thrown)));
  }
}
