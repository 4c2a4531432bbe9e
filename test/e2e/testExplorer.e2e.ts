import { existsSync } from 'node:fs';
import { expect } from 'vitest';
import { runCli } from '../support/runCli.ts';
import { TestDialog } from './pages/testDialog.ts';
import { TestExplorer } from './pages/testExplorer.ts';
import { screenshotPath, test } from './support/vscodeTest.ts';
import type { Workspace } from './support/workspace.ts';

const TRACE = 'cancel-duplicate-order.trace.json';
const TITLE = 'cancels the duplicate order';

/** A proved test in the workspace, as the command line makes it. */
async function withTest(workspace: Workspace): Promise<void> {
  const correction = '{"tool": "cancel_order", "arguments": {"order_id": "A-1042"}}';
  const target = ['--step', '4', '--workspace', workspace.folder, '--title', TITLE, '--name', 'cancel.test.js'];
  const agent = ['--runner', 'vitest', '--agent', 'agents/orders.ts:agent', '--must-call', correction];
  const { code, errors } = await runCli('fixture', workspace.path(`traces/${TRACE}`), ...target, ...agent);
  expect([code, code === 0 ? '' : errors.join('\n')]).toEqual([0, '']);
}

/** Does what the comment beside the bug says. */
function fixAgent(workspace: Workspace): void {
  const lines = workspace.read('agents/orders.ts').split('\n');
  const fix = lines.findIndex((line) => line.includes('// The fix: delete the line above'));
  lines.splice(fix - 1, 3, (lines[fix + 1] ?? '').replace('// ', ''));
  workspace.write('agents/orders.ts', lines.join('\n'));
}

test('a test that is written appears, and the side bar stays as it was; it runs red, shows where, and green with the fix', async ({
  workbench,
  workspace,
}) => {
  await workbench.open();
  const view = await workbench.openTrace(`traces/${TRACE}`);
  await workbench.statusBarItem(/^step 5 of 6/).waitFor();
  await view.button('Generate regression test').click();
  const dialog = new TestDialog(view);
  await dialog.waitFor();
  await dialog.choose(/The same call, with other arguments/);
  await dialog.setArguments({ order_id: 'A-1042', reason: 'duplicate' });
  await dialog.choose(/^Vitest/);
  await dialog.choose(/Run the agent against the recording/);
  await dialog.setAgent('agents/orders.ts#agent');
  await dialog.proveAndWrite();
  await dialog.untilWritten();
  const explorer = new TestExplorer(workbench.page);
  await dialog.done();
  await workbench.explorer.waitFor();
  expect(await explorer.tree.count()).toBe(0);
  await workbench.page.screenshot({ path: screenshotPath('test written') });
  await explorer.open();
  await explorer.expand(new RegExp(`^${TRACE}`));

  const row = explorer.tree.getByRole('treeitem', { level: 2 });
  await row.hover();
  await row.getByRole('button', { name: /^Run Test/ }).click();
  await explorer.tree.getByRole('treeitem', { level: 2, name: /Failed/ }).waitFor({ timeout: 60_000 });
  await workbench.page.screenshot({ path: screenshotPath('test explorer red') });
  const results = workbench.page.getByRole('tree', { name: 'Test Result Messages' }).getByRole('treeitem');
  await results.filter({ hasText: 'calls cancel_order' }).first().dblclick();
  await workbench.page.locator('.monaco-diff-editor:visible').first().waitFor();
  await workbench.page.screenshot({ path: screenshotPath('test explorer difference') });

  await row.hover();
  await row.getByRole('button', { name: /^Debug Test/ }).click();
  await workbench.tab(/\.run\.trace\.json/).waitFor({ timeout: 60_000 });
  // What the agent did now is a conversation; it opens at its wrong call.
  await view.frame.getByText('Conversation 1').first().waitFor();
  await view.frame.getByRole('treeitem', { selected: true, name: /cancel_order/ }).waitFor();
  await workbench.page.screenshot({ path: screenshotPath('test explorer debug') });

  fixAgent(workspace);
  await workbench.command('Test: Rerun Failed Tests');
  await explorer.tree.getByRole('treeitem', { level: 2, name: /Passed/ }).waitFor({ timeout: 60_000 });
  await workbench.page.screenshot({ path: screenshotPath('test explorer green') });
});

test('fixtures stand under their traces, run again as files change, and nonsense says so', async ({
  workbench,
  workspace,
}) => {
  await withTest(workspace);
  workspace.write('tests/nonsense.fixture.json', '{ "schemaVersion": 99 }');
  await workbench.open();
  // VS Code's own search, which would wake the extension for a fixture, is not in the server that runs here.
  await workbench.openTrace(`traces/${TRACE}`);
  const explorer = new TestExplorer(workbench.page);
  await explorer.open();
  await explorer.expand(new RegExp(`^${TRACE}`));
  await explorer.expand(/^tests \(/);
  await explorer.item(new RegExp(TITLE)).waitFor();
  await explorer.tree.getByText(/nonsense\.fixture\.json:1: this fixture/).waitFor();
  await explorer.item(new RegExp(TITLE)).click();
  await explorer.press(new RegExp(TITLE), /^Turn on Continuous Run/);
  await explorer.item(new RegExp(`${TITLE}.*Failed`)).waitFor({ timeout: 60_000 });
  fixAgent(workspace);
  await explorer.item(new RegExp(`${TITLE}.*Passed`)).waitFor({ timeout: 60_000 });
  await workbench.page.screenshot({ path: screenshotPath('test explorer continuous') });
});

test('in Restricted Mode no test is started, and VS Code asks for trust', async ({ workbench, workspace }) => {
  await withTest(workspace);
  const mark = workspace.path('ran.txt');
  workspace.write(
    'agents/orders.ts',
    `import { writeFileSync } from 'node:fs';\nwriteFileSync('${mark}', 'x');\nexport const agent = () => '';\n`,
  );
  await workbench.open({ trust: false });
  await workbench.openTrace(`traces/${TRACE}`);
  const explorer = new TestExplorer(workbench.page);
  await explorer.open();
  await explorer.expand(new RegExp(`^${TRACE}`));
  await explorer.press(new RegExp(TITLE), /^Run Test/);
  // VS Code asks by itself; without it Hindstep would refuse.
  await workbench.page.getByText('Running tests may execute code in your workspace.').waitFor();
  await workbench.page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await explorer.item(new RegExp(TITLE)).waitFor();
  expect(existsSync(mark)).toBe(false);
});
