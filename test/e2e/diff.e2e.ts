import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { test } from './support/vscodeTest.ts';

test('the Git diff of a trace is VS Code’s text diff', async ({ workbench, workspace }) => {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.test', ...args], {
      cwd: workspace.folder,
    });
  const path = 'traces/cancel-duplicate-order.trace.json';
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'all');
  workspace.write(path, workspace.read(path).replace('charged twice', 'charged thrice'));
  await workbench.open();
  await workbench.page.keyboard.press('Control+Shift+G');
  const changes = workbench.page.getByRole('tree', { name: 'Source Control Management' });
  await changes.getByRole('treeitem', { name: /cancel-duplicate-order/ }).click();
  const diff = workbench.page.locator('.monaco-diff-editor');
  await diff.getByText('charged twice').waitFor();
  await diff.getByText('charged thrice').waitFor();
  expect(await workbench.page.locator('iframe.webview:visible').count()).toBe(0);
  expect(await workbench.notifications.count()).toBe(0);
});
