import { basename } from 'node:path';
import * as vscode from 'vscode';
import { messageOf, type Result } from '../../core/util/result.ts';
import type { ProvedChange, ProveHow } from '../../node/fixtures/proveFixture.ts';
import { rerecord } from '../../node/fixtures/rerecord.ts';
import { shrink } from '../../node/fixtures/shrink.ts';
import { FIXTURE_ENDING } from '../../node/testRuns/findFixtures.ts';
import { COMMANDS } from '../contributions.ts';
import { workspaceFolderOf } from '../editor/openFile.ts';
import type { Feature } from '../features.ts';
import { plainWords } from '../plainWords.ts';
import { refusedByTrust } from './trust.ts';

/** "Re-record Fixture…" and "Shrink Fixture", on a fixture's file. Both prove what they made, and ask before they replace. */
export const fixtureCommands: Feature = () => [
  vscode.commands.registerCommand(COMMANDS.rerecordFixture, (uri?: vscode.Uri) => onFixture(uri, rerecordOne)),
  vscode.commands.registerCommand(COMMANDS.shrinkFixture, (uri?: vscode.Uri) => onFixture(uri, shrinkOne)),
];

/** A change to ask about: what it is, and the lines that show it. Undefined when the person was told all there is. */
type Proposal = { readonly change: ProvedChange; readonly question: string; readonly lines: readonly string[] };
type Make = (file: string, how: ProveHow & { readonly root: string }) => Promise<Proposal | undefined>;

/** As many lines of a difference stand in a question. */
const MOST_LINES = 20;

async function onFixture(given: vscode.Uri | undefined, make: Make): Promise<void> {
  const uri = given ?? vscode.window.activeTextEditor?.document.uri;
  const folder = uri === undefined ? undefined : workspaceFolderOf(uri);
  if (uri === undefined || folder === undefined || !uri.path.endsWith(FIXTURE_ENDING)) {
    void vscode.window.showInformationMessage(plainWords(`Open a fixture first: a file named *${FIXTURE_ENDING}.`));
    return;
  }
  if (refusedByTrust('Proving a fixture') !== undefined) return;
  const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  if (document?.isDirty === true && !(await document.save())) return;
  let proposal: Proposal | undefined;
  try {
    proposal = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: basename(uri.fsPath), cancellable: true },
      (progress, cancel) => {
        const stop = new AbortController();
        cancel.onCancellationRequested(() => stop.abort());
        const onProgress = (message: string) => progress.report({ message });
        return make(uri.fsPath, { root: folder.uri.fsPath, onProgress, signal: stop.signal });
      },
    );
    if (proposal !== undefined) await ask(proposal);
  } catch (thrown) {
    void vscode.window.showErrorMessage(plainWords(messageOf(thrown)));
  } finally {
    await proposal?.change.discard();
  }
}

async function ask({ change, question, lines }: Proposal): Promise<void> {
  const { proof } = change;
  if (!proof.proved) {
    void vscode.window.showErrorMessage(plainWords(`Not proved, so nothing was replaced: ${proof.sentence}`));
    return;
  }
  const more = lines.length > MOST_LINES ? [`… and ${lines.length - MOST_LINES} lines more`] : [];
  const detail = [...lines.slice(0, MOST_LINES), ...more, '', proof.sentence].join('\n');
  const chosen = await vscode.window.showWarningMessage(plainWords(question), { modal: true, detail }, 'Replace');
  if (chosen !== 'Replace') return;
  const replaced = await change.replace();
  if (!replaced.ok) throw new Error(replaced.error);
}

const rerecordOne: Make = async (file, how) => {
  const own = 'From its own trace, as it is now';
  const other = 'From another run…';
  const from = await vscode.window.showQuickPick([own, other], {
    title: 'Re-record Fixture',
    placeHolder: 'Its title and expectations stay; it is proved again before anything is replaced',
  });
  if (from === undefined) return undefined;
  const picked = from === other ? await vscode.window.showOpenDialog({ title: 'A trace of the same task' }) : undefined;
  const trace = picked?.[0]?.fsPath;
  if (from === other && trace === undefined) return undefined;
  const { words, changes, ...change } = orThrow(
    await rerecord(file, { ...how, ...(trace !== undefined && { trace }) }),
  );
  const lines = [...words, ...(changes.length === 0 ? ['Nothing is different in what was recorded.'] : changes)];
  return { change, question: `Replace ${basename(file)} with what was recorded anew?`, lines };
};

const shrinkOne: Make = async (file, how) => {
  const shrunk = orThrow(await shrink(file, how));
  if (shrunk.kind === 'smallest') {
    void vscode.window.showInformationMessage(plainWords(`${basename(file)} is as small as it can be.`));
    return undefined;
  }
  const { before, after, note, kind: _kind, ...change } = shrunk;
  const from = (name: string, of: 'messages' | 'recording' | 'characters') =>
    `${name}: ${before[of].toLocaleString()}, then ${after[of].toLocaleString()}`;
  const lines = [
    ...[from('Messages', 'messages'), from('Recorded calls', 'recording'), from('Characters', 'characters')],
    ...(note === undefined ? [] : [note]),
  ];
  return { change, question: `Replace ${basename(file)} with a smaller one?`, lines };
};

function orThrow<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error);
  return result.value;
}
