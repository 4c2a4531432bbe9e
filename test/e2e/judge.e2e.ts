import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { serverFolders } from '../../scripts/support/vscodeServer.mjs';
import { goodAnswer, stubEndpoint } from '../support/stubEndpoint.ts';
import { screenshotPath, test } from './support/vscodeTest.ts';

/** The person's own settings, where VS Code runs on a server. */
const machineSettings = join(serverFolders('e2e').data, 'data', 'Machine', 'settings.json');

test('a local model judges the run when it is asked to, after the person has seen what is sent', async ({
  workbench,
  workspace,
}) => {
  // Answers are kept from run to run of this test: only another model is asked again.
  const model = `tiny-${Date.now()}`;
  await using stub = await stubEndpoint(
    (asked) => goodAnswer(asked, asked.labels.includes('wrong-object') ? 'wrong-object' : undefined),
    [model],
  );
  mkdirSync(dirname(machineSettings), { recursive: true });
  writeFileSync(machineSettings, JSON.stringify({ 'hindstep.judge.endpoint': stub.url }));
  // A workspace has no say in where a trace goes.
  workspace.configure({ 'hindstep.judge.endpoint': 'http://192.0.2.1/v1', 'hindstep.judge.otherHosts': ['192.0.2.1'] });
  const { page } = workbench;
  const dialog = page.locator('.monaco-dialog-box');
  // VS Code shows three notifications at most, and shows progress for a moment after its end.
  const untilQuiet = async () => {
    await workbench.command('Notifications: Clear All Notifications');
    await expect.poll(() => workbench.notifications.count(), { timeout: 10_000 }).toBe(0);
  };
  const askJudge = () => workbench.command('Hindstep: Judge This Run with a Local Model…');
  try {
    await workbench.open();
    const view = await workbench.openTrace('traces/cancel-duplicate-order.trace.json');
    await workbench.statusBarItem(/^step \d of 6/).waitFor();
    await askJudge();
    await dialog.getByText(new RegExp(`\\d+ questions with .* will be sent to ${model} at 127\\.0\\.0\\.1`)).waitFor();
    await page.screenshot({ path: screenshotPath('judge consent') });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(stub.asked).toEqual([]);

    await untilQuiet();
    await askJudge();
    await dialog.getByRole('button', { name: 'Send' }).click();
    await workbench.notification(new RegExp(`${model} judged the run\\. tool-selection: fail`)).waitFor();
    const asked = stub.asked.length;
    expect(asked).toBeGreaterThan(4);
    await view.frame.getByRole('tab', { name: /Findings/ }).click();
    await view.frame.locator('.verdict .model-badge').first().waitFor();
    await page.screenshot({ path: screenshotPath('judge verdicts') });

    // Asked again, there is nothing to send.
    await untilQuiet();
    await askJudge();
    await workbench.notification(/judged the run/).waitFor();
    expect(stub.asked).toHaveLength(asked);
  } finally {
    rmSync(machineSettings);
  }
});

test('no model is asked about a workspace that is not trusted', async ({ workbench }) => {
  await workbench.open({ trust: false });
  await workbench.openTrace('traces/cancel-duplicate-order.trace.json');
  await workbench.statusBarItem(/^step \d of 6/).waitFor();
  await workbench.command('Hindstep: Judge This Run with a Local Model…');
  await workbench.notification(/No model is asked about traces of a workspace that you do not trust/).waitFor();
});
