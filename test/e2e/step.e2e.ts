import { test } from './support/vscodeTest.ts';

test('F10 and Alt+F10 walk on and back, and the status bar says where', async ({ workbench }) => {
  await workbench.open();
  const view = await workbench.openTrace('traces/cancel-duplicate-order.trace.json');
  await workbench.statusBarItem(/^step \d of 6/).waitFor();
  await view.press('Home');
  await workbench.statusBarItem(/^step 1 of 6/).waitFor();
  await view.press('F10');
  await workbench.statusBarItem(/^step 2 of 6/).waitFor();
  await view.press('F10');
  await workbench.statusBarItem(/^step 3 of 6/).waitFor();
  await view.press('Alt+F10');
  await workbench.statusBarItem(/^step 2 of 6/).waitFor();
});

test('F11 steps into a sub-agent, and Shift+F11 out of it', async ({ workbench }) => {
  await workbench.open();
  await workbench.openInHindstep('traces/fix-invoice-rounding.jsonl');
  const view = await workbench.debugger();
  await view.selectedStep.waitFor();
  await view.press('Home');
  await view.steps.getByRole('treeitem', { name: /\b(Task|Agent)\b/ }).click();
  const outer = view.steps.getByRole('treeitem', { name: /\b(Task|Agent)\b/, selected: true });
  await outer.waitFor();
  await view.press('F11');
  await outer.waitFor({ state: 'hidden' });
  await workbench.statusBarItem(/^step 1 of/).waitFor();
  await view.press('Shift+F11');
  await outer.waitFor();
});

test('F5 continues to the failure, F9 sets a breakpoint that Alt+F5 comes back to', async ({ workbench }) => {
  await workbench.open();
  const view = await workbench.openTrace('traces/cancel-duplicate-order.trace.json');
  await workbench.statusBarItem(/^step \d of 6/).waitFor();
  await view.press('Home');
  await view.press('F10');
  await workbench.statusBarItem(/^step 2 of 6/).waitFor();
  await view.press('F9');
  await view.press('F5');
  await workbench.untilStepNumber((now) => now > 2);
  await view.press('End');
  await workbench.statusBarItem(/^step 6 of 6/).waitFor();
  for (let presses = 0; presses < 4 && (await workbench.stepNumber()) !== 2; presses++) {
    const before = await workbench.stepNumber();
    await view.press('Alt+F5');
    await workbench.untilStepNumber((now) => now < before);
  }
  await workbench.statusBarItem(/^step 2 of 6/).waitFor();
});

test('the commands are in the palette', async ({ workbench }) => {
  await workbench.open();
  const view = await workbench.openTrace('traces/cancel-duplicate-order.trace.json');
  await workbench.statusBarItem(/^step \d of 6/).waitFor();
  await view.press('Home');
  await workbench.command('Hindstep: Step Over');
  await workbench.statusBarItem(/^step 2 of 6/).waitFor();
});
