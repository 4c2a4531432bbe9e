import * as vscode from 'vscode';
import { FIXTURE_ENDING, isStaged } from '../../node/testRuns/findFixtures.ts';
import type { Feature, Hindstep } from '../features.ts';
import { openDivergence } from './openDivergence.ts';
import { fixtureWritten } from './regressionTest.ts';
import { runTests } from './runTests.ts';
import { TestTree } from './testTree.ts';
import { refusedByTrust } from './trust.ts';

/** What people write agents and prompts in; what an agent writes itself must not start it again. */
const SOURCES = '**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx,py,md,txt,toml,yml,yaml}';
/** Saving all files is one change. ms */
const SETTLED_AFTER = 300;

/** VS Code's Test Explorer: every fixture is a test, which runs with the runner that it was proved with. */
export const testExplorer: Feature = (hindstep) => {
  const controller = vscode.tests.createTestController('hindstep', 'Hindstep');
  const tree = new TestTree(controller);
  const fixtures = vscode.workspace.createFileSystemWatcher(`**/*${FIXTURE_ENDING}`);
  const take = (uri: vscode.Uri) => void tree.take(uri);
  controller.refreshHandler = () => tree.findAll();
  void tree.findAll();
  const { Run, Debug } = vscode.TestRunProfileKind;
  const runs = controller.createRunProfile(
    'Run',
    Run,
    async (request, token) => {
      if (request.continuous === true) return runContinuously(hindstep, controller, tree, request, token);
      await runOnce(hindstep, controller, tree, request);
    },
    true,
  );
  runs.supportsContinuousRun = true;
  controller.createRunProfile('Debug: Show Where It Went Wrong', Debug, async (request) => {
    const found = await runOnce(hindstep, controller, tree, request);
    const [first] = found;
    const shown = found.find(({ outcome }) => outcome === 'regression') ?? first;
    if (shown !== undefined) await openDivergence(hindstep, shown);
  });
  return [
    controller,
    fixtures,
    fixtures.onDidCreate(take),
    fixtures.onDidChange(take),
    fixtures.onDidDelete((uri) => tree.remove(uri)),
    vscode.workspace.onDidChangeWorkspaceFolders(() => tree.findAll()),
    // Not revealed: that would take the side bar from what the person has open in it.
    fixtureWritten.event(take),
  ];
};

async function runOnce(
  { context }: Hindstep,
  controller: vscode.TestController,
  tree: TestTree,
  request: vscode.TestRunRequest,
) {
  const run = controller.createTestRun(request);
  try {
    const items = tree.asked(request);
    const refused = refusedByTrust('Running a test');
    if (refused !== undefined) {
      for (const item of items) run.errored(item, new vscode.TestMessage(refused));
      return [];
    }
    return await runTests(run, items, vscode.Uri.joinPath(context.extensionUri, 'dist', 'cli.mjs').fsPath);
  } finally {
    run.end();
  }
}

/** Runs now and whenever a source file or a fixture changes, one run after the other, until it is switched off. */
function runContinuously(
  hindstep: Hindstep,
  controller: vscode.TestController,
  tree: TestTree,
  request: vscode.TestRunRequest,
  token: vscode.CancellationToken,
): void {
  const watchers = [SOURCES, `**/*${FIXTURE_ENDING}`].map((pattern) =>
    vscode.workspace.createFileSystemWatcher(pattern),
  );
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = runOnce(hindstep, controller, tree, request);
  const again = (uri: vscode.Uri) => {
    if (/\/(?:node_modules|\.git|__pycache__)\//.test(uri.path) || isStaged(uri.fsPath)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(async () => {
        if (token.isCancellationRequested) return;
        // VS Code takes what belongs to a request that has ended for late news of it.
        const { include, exclude, profile } = request;
        await runOnce(hindstep, controller, tree, new vscode.TestRunRequest(include, exclude, profile, true, true));
      });
    }, SETTLED_AFTER);
  };
  const all = watchers.flatMap((watcher) => [
    watcher,
    ...[watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete].map((on) => on(again)),
  ]);
  token.onCancellationRequested(() => {
    clearTimeout(timer);
    vscode.Disposable.from(...all).dispose();
  });
}
