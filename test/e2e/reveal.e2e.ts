import { expect } from 'vitest';
import { test } from './support/vscodeTest.ts';

test('"Reveal in JSON" selects exactly the record of the step', async ({ workbench, workspace }) => {
  const path = 'traces/cancel-duplicate-order.trace.json';
  const { steps } = JSON.parse(workspace.read(path)) as { steps: unknown[] };
  await workbench.open();
  const view = await workbench.openTrace(path);
  await workbench.statusBarItem(/^step \d of 6/).waitFor();
  await view.press('Home');
  await view.press('F10');
  await workbench.statusBarItem(/^step 2 of 6/).waitFor();
  await workbench.command('Hindstep: Reveal Step in JSON');
  await workbench.textEditor.waitFor();
  await workbench.statusBarItem(/selected\)/).waitFor();
  expect(JSON.parse(await workbench.selectedText())).toEqual(steps[1]);
});
