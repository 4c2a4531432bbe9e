import { expect } from 'vitest';
import { test } from './support/vscodeTest.ts';

const TRACE = 'traces/cancel-duplicate-order.trace.json';

test('another tab and back: the cursor is where it was', async ({ workbench }) => {
  await workbench.open();
  const view = await workbench.openTrace(TRACE);
  await view.press('Home');
  await view.press('F10');
  await workbench.statusBarItem(/^step 2 of 6/).waitFor();
  await workbench.openFile('package.json');
  await workbench.textEditor.waitFor();
  await workbench.statusBarItem(/^step/).waitFor({ state: 'hidden' });
  await workbench.tab('cancel-duplicate-order.trace.json').click();
  await workbench.statusBarItem(/^step 2 of 6/).waitFor();
});

test('closed and opened again: the breakpoint is still there', async ({ workbench }) => {
  await workbench.open();
  const view = await workbench.openTrace(TRACE);
  await view.press('Home');
  await workbench.statusBarItem(/^step 1 of 6/).waitFor();
  await view.press('F9');
  const withBreakpoint = view.steps.getByRole('treeitem', { name: /breakpoint/ });
  await withBreakpoint.waitFor();
  await workbench.tab('cancel-duplicate-order.trace.json').getByRole('button', { name: /Close/ }).click();
  await workbench.tab('cancel-duplicate-order.trace.json').waitFor({ state: 'detached' });
  const again = await workbench.openTrace(TRACE);
  await again.steps.getByRole('treeitem', { name: /breakpoint/ }).waitFor();
});

test('"Copy Link to Step" gives a link to this file, run and step', async ({ workbench, workspace }) => {
  await workbench.open();
  const view = await workbench.openTrace(TRACE);
  await view.press('Home');
  await view.press('F10');
  await workbench.statusBarItem(/^step 2 of 6/).waitFor();
  await workbench.command('Hindstep: Copy Link to Step');
  await workbench.statusBar.getByText('Link to this step copied').waitFor();
  const link = new URL(await workbench.clipboard());
  expect(link.pathname).toMatch(/\/open$/);
  expect(Object.fromEntries(link.searchParams)).toMatchObject({ file: workspace.path(TRACE), step: '1' });
  expect(link.searchParams.get('run')).toBeTruthy();
});

test('the walkthrough’s sample opens', async ({ workbench }) => {
  await workbench.open();
  await workbench.command('Hindstep: Open Sample Trace');
  await (await workbench.debugger()).selectedStep.waitFor();
  expect(await workbench.tab('sample.trace.json').count()).toBe(1);
});

test('a file that VS Code won’t edit as text opens, and its record is shown alone', async ({
  workbench,
  workspace,
}) => {
  const trace = JSON.parse(workspace.read(TRACE)) as { steps: { step_id: number; message: string }[] };
  const filler = { ...trace.steps[1], message: 'x'.repeat(1024 * 1024) };
  const steps = [...trace.steps, ...Array.from({ length: 52 }, (_, i) => ({ ...filler, step_id: 100 + i }))];
  workspace.write('large.trace.json', JSON.stringify({ ...trace, steps }));
  await workbench.open();
  const view = await workbench.openTrace('large.trace.json');
  await workbench.statusBarItem(/^step \d+ of 58/).waitFor();
  await view.press('Home');
  await view.press('F10');
  await workbench.statusBarItem(/^step 2 of 58/).waitFor();
  await workbench.command('Hindstep: Reveal Step in JSON');
  await workbench.notification(/larger than the 50 MB that VS Code opens as text/).waitFor();
  await workbench.textEditor.getByText('charged twice').waitFor();
});
