import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';
import { TestDialog } from './pages/testDialog.ts';
import { violations } from './support/axe.ts';
import { screenshotPath, test } from './support/vscodeTest.ts';
import type { Workspace } from './support/workspace.ts';

/** Runs a test as its author would, in the workspace's folder. */
function run(command: string, workspace: Workspace): { green: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(command, { cwd: workspace.folder, shell: true, encoding: 'utf8' });
  return { green: status === 0, output: stdout + stderr };
}

/** Does what the comment beside the bug says: deletes the line above it and uncomments the one below. */
function applyFix(workspace: Workspace, file: string, comment: '//' | '#'): void {
  const lines = workspace.read(file).split('\n');
  const at = lines.findIndex((line) => line.includes(`${comment} The fix: delete the line above`));
  const below = (lines[at + 1] ?? '').replace(`${comment} `, '');
  lines.splice(at - 1, 3, below);
  workspace.write(file, lines.join('\n'));
}

test('TypeScript: a failing step becomes a test that is red, and green with the fix', async ({
  workbench,
  workspace,
}) => {
  await workbench.open();
  const view = await workbench.openTrace('traces/cancel-duplicate-order.trace.json');
  await workbench.statusBarItem(/^step 5 of 6 · cancel_order/).waitFor();
  await view.button('Generate regression test').click();
  const dialog = new TestDialog(view);
  await dialog.waitFor();
  await dialog.choose(/The same call, with other arguments/);
  await dialog.setArguments({ order_id: 'A-1042', reason: 'duplicate' });
  await dialog.choose(/^Vitest/);
  await dialog.choose(/Run the agent against the recording/);
  expect(await violations(await view.content())).toEqual([]);
  await workbench.page.screenshot({ path: screenshotPath('test dialog') });
  await dialog.proveAndWrite();
  await dialog.untilWritten();
  await workbench.page.screenshot({ path: screenshotPath('test proved') });
  const command = await dialog.command();
  await dialog.done();
  await workbench.textEditor.waitFor();

  const red = run(command, workspace);
  expect(red.green, red.output).toBe(false);
  expect(red.output).toContain('A-1050');
  applyFix(workspace, 'agents/orders.ts', '//');
  const green = run(command, workspace);
  expect(green.green, green.output).toBe(true);
});

test('Python: a claim with no deed becomes a test that is red, and green with the fix', async ({
  workbench,
  workspace,
}) => {
  await workbench.open();
  const view = await workbench.openTrace('traces/upgrade-plan-done.trace.json');
  await workbench.statusBarItem(/^step \d+ of/).waitFor();
  await view.frame.getByRole('region', { name: 'Suspect step' }).waitFor();
  await view.button('Generate regression test').click();
  const dialog = new TestDialog(view);
  await dialog.waitFor();
  await dialog.choose(/Another call must be made/);
  await dialog.choose(/^pytest/);
  await dialog.choose(/Run the agent against the recording/);
  await dialog.proveAndWrite();
  await dialog.untilWritten();
  const command = await dialog.command();

  const red = run(command, workspace);
  expect(red.green, red.output).toBe(false);
  applyFix(workspace, 'agents/help_desk.py', '#');
  const green = run(command, workspace);
  expect(green.green, green.output).toBe(true);
});

test('a charge that is repeated, and a claim that must not be made, become tests as well', async ({
  workbench,
  workspace,
}) => {
  await workbench.open();
  for (const { trace, correction, agent } of [
    { trace: 'book-flight-timeout', correction: /This call must not be made/, agent: 'agents/booking.ts' },
    { trace: 'upgrade-plan-done', correction: /The answer must not claim this/, agent: 'agents/help_desk.ts' },
  ]) {
    const view = await workbench.openTrace(`traces/${trace}.trace.json`);
    await view.frame.getByRole('region', { name: 'Suspect step' }).waitFor();
    await view.button('Generate regression test').click();
    const dialog = new TestDialog(view);
    await dialog.waitFor();
    await dialog.choose(correction);
    await dialog.choose(/^Vitest/);
    await dialog.choose(/Run the agent against the recording/);
    await workbench.page.screenshot({ path: screenshotPath(`test dialog ${trace}`) });
    await dialog.proveAndWrite();
    await dialog.untilWritten();
    await workbench.page.screenshot({ path: screenshotPath(`test proved ${trace}`) });
    const command = await dialog.command();
    await dialog.done();

    const red = run(command, workspace);
    expect(red.green, red.output).toBe(false);
    applyFix(workspace, agent, '//');
    const green = run(command, workspace);
    expect(green.green, green.output).toBe(true);
    await workbench.command('View: Close All Editors');
    await workbench.command('View: Show Explorer');
  }
});

test('in Restricted Mode nothing of the workspace is run, and a sentence says why', async ({ workbench }) => {
  await workbench.open({ trust: false });
  const view = await workbench.openTrace('traces/cancel-duplicate-order.trace.json');
  await workbench.statusBarItem(/^step 5 of 6/).waitFor();
  await view.button('Generate regression test').click();
  await new TestDialog(view).problem.getByText(/only in a workspace that you trust/).waitFor();
  await workbench.notification(/only in a workspace that you trust/).waitFor();
  await workbench.page.getByRole('button', { name: 'Manage Workspace Trust' }).waitFor();
});
