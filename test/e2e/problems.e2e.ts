import { expect } from 'vitest';
import { test } from './support/vscodeTest.ts';

test('a finding stands in the Problems panel, and its link goes to the step', async ({ workbench }) => {
  await workbench.open();
  const view = await workbench.openTrace('traces/cancel-duplicate-order.trace.json');
  await workbench.statusBarItem(/^step \d of 6/).waitFor();
  await view.press('Home');
  await workbench.statusBarItem(/^step 1 of 6/).waitFor();
  const rows = await workbench.problems();
  const finding = rows.filter({ hasText: '(step 5)' }).first();
  await finding.waitFor();
  // The argument's own line, not the first line of the file.
  const [, line = '0'] = /Ln (\d+)/.exec((await finding.textContent()) ?? '') ?? [];
  expect(Number(line)).toBeGreaterThan(100);
  await finding.getByText(/^safety\.|^action\./).click();
  await workbench.statusBarItem(/^step 5 of 6/).waitFor();
});
