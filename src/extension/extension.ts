import type * as vscode from 'vscode';
import { endAll } from '../node/atEnd.ts';
import { compareCommand } from './compare/compareCommand.ts';
import { forkCommand } from './compare/forkCommand.ts';
import { deepLinks } from './editor/deepLinks.ts';
import { exportCommand } from './editor/exportTrace.ts';
import { openCommands } from './editor/openCommands.ts';
import { problems } from './editor/problems.ts';
import { readonlyTexts } from './editor/readonlyTexts.ts';
import { statusBar } from './editor/statusBar.ts';
import { traceEditor } from './editor/traceEditor.ts';
import { TraceViews } from './editor/traceViews.ts';
import { viewCommands } from './editor/viewCommands.ts';
import { evaluatorsWatch } from './evaluators/evaluatorsWatch.ts';
import { exportVerdictsCommand } from './evaluators/exportVerdicts.ts';
import { newEvaluatorCommand } from './evaluators/newEvaluatorCommand.ts';
import type { Feature } from './features.ts';
import { guardrailCommand } from './guard/guardrailCommand.ts';
import { judgeCommands } from './judge/judgeCommands.ts';
import { policyProblems } from './policy/policyProblems.ts';
import { policyWatch } from './policy/policyWatch.ts';
import { fixtureCommands } from './testing/fixtureCommands.ts';
import { testExplorer } from './testing/testExplorer.ts';

/** What Hindstep adds to VS Code. A new surface is one folder or file, and one line here. */
const FEATURES: readonly Feature[] = [
  traceEditor,
  viewCommands,
  openCommands,
  exportCommand,
  exportVerdictsCommand,
  compareCommand,
  forkCommand,
  judgeCommands,
  deepLinks,
  statusBar,
  problems,
  policyWatch,
  policyProblems,
  evaluatorsWatch,
  newEvaluatorCommand,
  guardrailCommand,
  testExplorer,
  fixtureCommands,
  readonlyTexts,
];

/** Nothing that was started here outlives the editor, and no folder of a proof that was going on. */
export function deactivate(): void {
  endAll();
}

export function activate(context: vscode.ExtensionContext): void {
  const hindstep = { context, views: new TraceViews() };
  for (const feature of FEATURES) context.subscriptions.push(...feature(hindstep));
}
