import { readdirSync } from 'node:fs';
import { expect } from 'vitest';
import { screenshotPath, test } from './support/vscodeTest.ts';
import type { Workspace } from './support/workspace.ts';

const TRACE = 'traces/cancel-duplicate-order.trace.json';

/** The same run with the right order cancelled. */
function writeGood(workspace: Workspace): void {
  const text = workspace.read(TRACE).replace('            "order_id": "A-1050",', '            "order_id": "A-1042",');
  if (text === workspace.read(TRACE)) throw new Error('The sample is written in another way.');
  workspace.write('traces/good.trace.json', text);
}

test('"Compare with Another Trace…" lays two runs side by side and says where they part', async ({
  workbench,
  workspace,
}) => {
  writeGood(workspace);
  await workbench.open();
  const view = await workbench.openTrace(TRACE);
  await view.steps.getByRole('treeitem').first().waitFor();
  await workbench.command('Hindstep: Compare with Another Trace…');
  const path = workbench.page.locator('.quick-input-widget').getByRole('textbox');
  // The dialog writes its own folder there when it has looked into it.
  await expect.poll(() => path.inputValue()).toMatch(/traces\/$/);
  await path.fill(workspace.path('traces/good.trace.json'));
  await workbench.page.keyboard.press('Enter');
  await workbench
    .notification(/They part at step 5: cancel_order differs in \/order_id: A-1050, got A-1042\./)
    .waitFor();
  await workbench.tab(/cancel-duplicate-order\.trace\.json ↔ good\.trace\.json/).waitFor();
  const sides = workbench.page.locator('.monaco-diff-editor .view-lines');
  await expect
    .poll(async () => (await sides.allInnerTexts()).join('\n').replaceAll('\u00a0', ' '))
    .toMatch(/order_id: "A-1050"[\s\S]*order_id: "A-1042"/);
  await workbench.page.screenshot({ path: screenshotPath('compare') });
  await workbench.page.locator('.notifications-toasts').getByRole('button', { name: 'Go to Step' }).click();
  await workbench.statusBarItem(/^step 5 of 6/).waitFor();
});

test('"Fork from This Step…" lets the agent of the workspace go on from a changed observation', async ({
  workbench,
  workspace,
}) => {
  await workbench.open();
  await workbench.openTrace(TRACE);
  await workbench.statusBarItem(/^step 5 of 6/).waitFor();
  await workbench.command('Hindstep: Fork from This Step…');
  await workbench.page.getByRole('option', { name: /^The action/ }).click();
  await workbench.notification(/Change the call, and what it answers/).waitFor();
  await workbench.textEditor.waitFor();
  await workbench.textEditor.click();
  await workbench.page.keyboard.press('ControlOrMeta+a');
  const action = {
    tool: 'cancel_order',
    arguments: { order_id: 'A-1042', reason: 'duplicate' },
    observation: { ok: true },
  };
  await workbench.page.keyboard.press('Delete');
  // What makes no sense is asked for again, and nothing that was written is lost.
  await workbench.page.keyboard.insertText('nonsense');
  await workbench.page.locator('.notifications-toasts').getByRole('button', { name: 'Go On' }).click();
  await workbench.notification(/An action is JSON like/).waitFor();
  await workbench.textEditor.click();
  await workbench.page.keyboard.press('ControlOrMeta+a');
  await workbench.page.keyboard.press('Delete');
  await workbench.page.keyboard.insertText(JSON.stringify(action));
  await workbench.page.locator('.notifications-toasts').getByRole('button', { name: 'Go On' }).click();
  await workbench.page.getByRole('option', { name: /^agents\/orders\.ts/ }).click();
  await workbench
    .notification(/They part at step 5: cancel_order differs in \/order_id: A-1050, got A-1042\./)
    .waitFor();
  await workbench.tab(/↔ fork from step 5/).waitFor();
  await workbench.page.screenshot({ path: screenshotPath('fork') });
  await workbench.page.locator('.notifications-toasts').getByRole('button', { name: 'Save as Trace…' }).click();
  const proposed = workbench.page.locator('.quick-input-widget').getByRole('textbox');
  await expect.poll(() => proposed.inputValue()).toMatch(/cancel-duplicate-order\.fork-5\.trace\.json$/);
  await workbench.page.keyboard.press('Enter');
  await workbench.tab('cancel-duplicate-order.fork-5.trace.json').waitFor();
  const saved = workspace.read('traces/cancel-duplicate-order.fork-5.trace.json');
  expect(saved).toContain('A-1042');
  expect(saved).not.toContain('ines@shop-sample.test');
});

test('in Restricted Mode no run is forked', async ({ workbench, workspace }) => {
  const before = readdirSync(workspace.path('traces'));
  await workbench.open({ trust: false });
  await workbench.openTrace(TRACE);
  await workbench.statusBarItem(/^step 5 of 6/).waitFor();
  await workbench.command('Hindstep: Fork from This Step…');
  await workbench
    .notification(/Forking a run runs code of this workspace.*only in a workspace that you trust/)
    .waitFor();
  expect(readdirSync(workspace.path('traces'))).toEqual(before);
});
