import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { compareRuns } from '../../core/compare/compareRuns.ts';
import { partingSentence } from '../../core/compare/partingSentence.ts';
import { maskText } from '../../core/redact/mask.ts';
import type { Run } from '../../core/trace/model.ts';
import { messageOf } from '../../core/util/result.ts';
import { COMMANDS } from '../contributions.ts';
import type { TraceView } from '../editor/traceView.ts';
import { withTrace } from '../editor/withTrace.ts';
import type { Feature, Hindstep } from '../features.ts';
import { plainWords } from '../plainWords.ts';
import { showCompared } from './showCompared.ts';

/** "Compare with Another Trace…": the run in view beside another one, call by call. */
export const compareCommand: Feature = ({ views }) => [
  vscode.commands.registerCommand(COMMANDS.compare, async () => {
    const view = views.active;
    if (view === undefined) {
      void vscode.window.showInformationMessage('Open a trace first; then it can be compared with another one.');
      return;
    }
    try {
      await compareView(view, views);
    } catch (thrown) {
      void vscode.window.showErrorMessage(plainWords(messageOf(thrown)));
    }
  }),
];

async function compareView({ document, position }: TraceView, views: Hindstep['views']): Promise<void> {
  await withTrace(document.uri, async (left) => {
    const { runs } = left.trace;
    const run = runs.find(({ id }) => id === position?.run) ?? runs[0];
    if (run === undefined) throw new Error('There is no run in this trace.');
    const other = await chooseOther(
      document.uri,
      runs.filter((one) => one !== run),
    );
    if (other === undefined) return;
    await withTrace(other.uri, async (right) => {
      const otherRun = await theRun(right.trace.runs, other.run);
      if (otherRun === undefined) return;
      const compared = await compareRuns([left, run], [right, otherRun]);
      const names = [basename(document.uri.fsPath), basename(other.uri.fsPath)];
      const title = names[0] === names[1] ? `${run.title} ↔ ${otherRun.title}` : names.join(' ↔ ');
      await showCompared(title, compared, [left, run], [right, otherRun]);
      const at = compared.first !== undefined && 'left' in compared.first ? compared.first.left : undefined;
      const step = at === undefined ? undefined : compared.left.calls[at]?.step;
      const sentence = maskText(partingSentence(compared));
      // It waits for an answer that may never come; the traces are closed without it.
      void (step === undefined
        ? vscode.window.showInformationMessage(plainWords(sentence))
        : vscode.window.showInformationMessage(plainWords(sentence), 'Go to Step').then(async (go) => {
            if (go !== undefined) await views.open(document.uri, { run: run.id, step });
          }));
    });
  });
}

/** Another run of the same trace, or another file. */
async function chooseOther(
  uri: vscode.Uri,
  runs: readonly Run[],
): Promise<{ readonly uri: vscode.Uri; readonly run?: string } | undefined> {
  if (runs.length > 0) {
    const items = runs.map(({ id, title, steps }) => ({ label: title, description: `${steps.length} steps`, run: id }));
    const picked = await vscode.window.showQuickPick(
      [{ label: '$(file) Another file…', description: '', run: undefined }, ...items],
      { title: 'Compare with', placeHolder: 'Another file, or another run of this trace' },
    );
    if (picked === undefined) return undefined;
    if (picked.run !== undefined) return { uri, run: picked.run };
  }
  const files = await vscode.window.showOpenDialog({
    title: 'Compare with',
    openLabel: 'Compare',
    defaultUri: vscode.Uri.file(dirname(uri.fsPath)),
  });
  const [file] = files ?? [];
  return file && { uri: file };
}

async function theRun(runs: readonly Run[], wanted: string | undefined): Promise<Run | undefined> {
  const [first] = runs;
  if (first === undefined) throw new Error('There is no run in the other trace.');
  if (wanted !== undefined) return runs.find(({ id }) => id === wanted);
  if (runs.length === 1) return first;
  const items = runs.map((run) => ({ label: run.title, description: `${run.steps.length} steps`, run }));
  return (await vscode.window.showQuickPick(items, { title: 'Compare with which of its runs?' }))?.run;
}
