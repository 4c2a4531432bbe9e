import { readdirSync } from 'node:fs';
import { expect } from 'vitest';
import { screenshotPath, test } from './support/vscodeTest.ts';

const POLICY = 'hindstep.policy.json';
const WITH_COMMENT = '{\n  // ours\n  "deny": ["drop_table"]\n}\n';

test('a guardrail is shown before it is written, proved, and overwrites nothing', async ({ workbench, workspace }) => {
  workspace.write(POLICY, WITH_COMMENT);
  await workbench.open();
  const view = await workbench.openTrace('traces/cancel-duplicate-order.trace.json');
  await workbench.statusBarItem(/^step 5 of 6/).waitFor();
  const { page } = workbench;
  const dialog = page.locator('.monaco-dialog-box');
  /** The check, its calls and its test. */
  const made = () =>
    readdirSync(workspace.folder, { recursive: true, encoding: 'utf8' }).filter((file) => /guard[-_]cancel/.test(file));

  await view.button('Generate pre-guardrail').first().waitFor();
  await page.screenshot({ path: screenshotPath('guardrail offered') });
  await view.button('Generate pre-guardrail').first().click();
  await dialog.getByText(/^From now on .*cancel_order/).waitFor({ timeout: 60_000 });
  await dialog.getByText(`${POLICY} gets:`).waitFor();
  await page.screenshot({ path: screenshotPath('guardrail rule') });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect([workspace.read(POLICY), made()]).toEqual([WITH_COMMENT, []]);

  await workbench.command('Hindstep: Generate Pre-Guardrail…');
  await dialog.getByRole('button', { name: 'Prove and Write' }).click({ timeout: 60_000 });
  await workbench.notification(/Run it:/).waitFor({ timeout: 90_000 });
  await page.screenshot({ path: screenshotPath('guardrail written') });
  const written = workspace.read(POLICY);
  expect(written).toContain('// ours');
  expect(written).toContain('"drop_table"');
  expect(written).toContain('cancel_order');
  const check = 'tests/guard-cancel-order.mjs';
  expect([made().length, made().includes(check)]).toEqual([3, true]);

  // What a person has made of it since stays.
  workspace.write(check, 'mine');
  await workbench.tab('cancel-duplicate-order.trace.json').click();
  await workbench.command('Hindstep: Generate Pre-Guardrail…');
  await dialog.getByText(`${POLICY} says so already.`).waitFor({ timeout: 60_000 });
  await dialog.getByRole('button', { name: 'Prove and Write' }).click();
  await workbench.notification(/exists; nothing was written/).waitFor({ timeout: 90_000 });
  expect([workspace.read(check), workspace.read(POLICY)]).toEqual(['mine', written]);
});
