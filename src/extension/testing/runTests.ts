import * as vscode from 'vscode';
import { differenceText, sideText } from '../../core/regression/results/callLines.ts';
import { type FixtureRun, runFixtures } from '../../node/testRuns/runFixtures.ts';

/** ms. An agent that calls a model can take long; a person can cancel. */
const TIMEOUT = 300_000;

/** Runs tests with their own runners and tells VS Code of each. Answers what was run; what was cancelled is left out. */
export async function runTests(
  run: vscode.TestRun,
  items: readonly vscode.TestItem[],
  cli: string,
): Promise<readonly FixtureRun[]> {
  const byFile = new Map(items.flatMap((item) => (item.uri === undefined ? [] : [[item.uri.fsPath, item] as const])));
  const controller = new AbortController();
  run.token.onCancellationRequested(() => controller.abort());
  for (const item of byFile.values()) run.enqueued(item);
  const told = new Set<string>();
  const done = new Set<vscode.TestItem>();
  const runs: FixtureRun[] = [];
  // Each workspace folder has runners of its own.
  for (const [root, files] of byRoot([...byFile.keys()])) {
    runs.push(
      ...(await runFixtures(files, {
        root,
        timeout: TIMEOUT,
        signal: controller.signal,
        cli,
        onStart: (started) => {
          for (const file of started) startOf(run, byFile.get(file));
        },
        onResult: (result) => {
          const item = byFile.get(result.fixtureFile);
          if (item === undefined) return;
          done.add(item);
          // A runner that ran several tests spoke once.
          if (result.output !== '' && !told.has(result.output)) run.appendOutput(forTerminal(result.output));
          told.add(result.output);
          tell(run, item, result);
        },
      })),
    );
  }
  for (const item of byFile.values()) if (!done.has(item)) run.skipped(item);
  return runs;
}

function startOf(run: vscode.TestRun, item: vscode.TestItem | undefined): void {
  if (item !== undefined) run.started(item);
}

function byRoot(files: readonly string[]): Map<string, string[]> {
  const roots = new Map<string, string[]>();
  for (const file of files) {
    const uri = vscode.Uri.file(file);
    const root = (vscode.workspace.getWorkspaceFolder(uri)?.uri ?? vscode.Uri.joinPath(uri, '..')).fsPath;
    roots.set(root, [...(roots.get(root) ?? []), file]);
  }
  return roots;
}

function tell(run: vscode.TestRun, item: vscode.TestItem, result: FixtureRun): void {
  const { outcome, duration, calls, problems } = result;
  const place = item.uri && item.range ? new vscode.Location(item.uri, item.range) : undefined;
  const words = problems.join('\n');
  switch (outcome) {
    case 'held':
      run.passed(item, duration);
      return;
    case 'unjudged':
      run.appendOutput(forTerminal(`${result.title}: could not be judged. ${words}\n`), place, item);
      run.errored(item, at(new vscode.TestMessage(words), place), duration);
      return;
    case 'regression': {
      const difference = differenceText(calls);
      const legend = '- expected, + what the agent did:';
      run.appendOutput(forTerminal([result.title, words, legend, ...difference, ''].join('\n')), place, item);
      const message =
        calls.length === 0
          ? new vscode.TestMessage(words)
          : vscode.TestMessage.diff(words, sideText(calls, 'expected'), sideText(calls, 'actual'));
      run.failed(item, at(message, place), duration);
    }
  }
}

function at(message: vscode.TestMessage, place: vscode.Location | undefined): vscode.TestMessage {
  if (place !== undefined) message.location = place;
  return message;
}

function forTerminal(text: string): string {
  return text.replace(/\r?\n/g, '\r\n');
}
