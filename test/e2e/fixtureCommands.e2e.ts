import { expect } from 'vitest';
import type { Fixture } from '../../src/core/regression/fixture.ts';
import { runCli } from '../support/runCli.ts';
import { screenshotPath, test } from './support/vscodeTest.ts';

test('a fixture is shrunk and re-recorded from its file, and replaced only when that was asked for', async ({
  workbench,
  workspace,
}) => {
  const correction = '{"tool": "cancel_order", "arguments": {"order_id": "A-1042"}}';
  const target = ['--step', '4', '--workspace', workspace.folder, '--name', 'cancel.test.mjs', '--runner', 'node-test'];
  const trace = workspace.path('traces/cancel-duplicate-order.trace.json');
  const { code } = await runCli(
    'fixture',
    trace,
    ...target,
    '--must-call',
    correction,
    '--out',
    workspace.path('tests'),
  );
  expect(code).toBe(0);
  const file = 'tests/cancel.fixture.json';
  const fixture = JSON.parse(workspace.read(file)) as Fixture;
  const [first] = fixture.recording;
  const noise = Array.from({ length: 9 }, () => ({ ...first, tool: 'read_page', observation: 'nothing' }));
  workspace.write(file, JSON.stringify({ ...fixture, recording: [...fixture.recording, ...noise] }));
  const count = () => (JSON.parse(workspace.read(file)) as Fixture).recording.length;

  await workbench.open();
  await workbench.openFile(file);
  const { page } = workbench;
  const dialog = page.locator('.monaco-dialog-box');
  await workbench.command('Hindstep: Shrink Fixture');
  await dialog.getByText('Replace cancel.fixture.json with a smaller one?').waitFor({ timeout: 60_000 });
  await page.screenshot({ path: screenshotPath('shrink fixture') });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect(count()).toBe(fixture.recording.length + 9);
  await workbench.command('Hindstep: Shrink Fixture');
  await dialog.getByRole('button', { name: 'Replace' }).click({ timeout: 60_000 });
  await expect.poll(count).toBeLessThanOrEqual(fixture.recording.length);

  await workbench.command('Hindstep: Re-record Fixture…');
  await page.getByRole('option', { name: /From its own trace/ }).click();
  await dialog.getByText(/with what was recorded anew/).waitFor({ timeout: 60_000 });
  await page.screenshot({ path: screenshotPath('re-record fixture') });
  await dialog.getByRole('button', { name: 'Replace' }).click();
  await expect.poll(count).toBe(fixture.recording.length);
});
