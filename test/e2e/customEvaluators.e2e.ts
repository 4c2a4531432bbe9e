import { existsSync } from 'node:fs';
import { expect } from 'vitest';
import { test } from './support/vscodeTest.ts';

/** Leaves a mark when it runs, and blames the call that cancels. */
const EVALUATOR = (mark: string, words: string) => `import { writeFileSync } from 'node:fs';
import { named } from './shared.mjs';
export const id = 'orders.cancels';
export const title = 'Cancels';
export function evaluate(run) {
  writeFileSync(${JSON.stringify(mark)}, 'x');
  const findings = [...run.steps].filter(named('cancel_order')).map(({ index }) => ({ step: index, message: ${JSON.stringify(words)} }));
  return { status: 'fail', score: 0, reason: 'An order was cancelled.', findings };
}
`;
const SHARED = `export const named = (tool) => (step) => step.tools.includes(tool);\n`;

test('in a trusted workspace its own evaluators judge, and judge anew when they change', async ({
  workbench,
  workspace,
}) => {
  const mark = workspace.path('ran.txt');
  workspace.write('evaluators/cancels.evaluator.mjs', EVALUATOR(mark, 'Nobody cancels here.'));
  workspace.write('evaluators/bad.evaluator.py', 'raise ValueError("not today")\n');
  workspace.write('evaluators/shared.mjs', SHARED);
  await workbench.open();
  const view = await workbench.openTrace('traces/cancel-duplicate-order.trace.json');
  await view.frame.getByRole('heading', { name: 'Cancels orders.cancels' }).waitFor();
  await view.frame.getByText('bad.evaluator.py threw: ValueError: not today (bad.evaluator.py:1).').waitFor();
  expect(existsSync(mark)).toBe(true);
  const rows = await workbench.problems();
  await rows.filter({ hasText: 'Nobody cancels here. (step 5)' }).first().waitFor();

  workspace.write('evaluators/cancels.evaluator.mjs', EVALUATOR(mark, 'Not even on Sundays.'));
  await rows.filter({ hasText: 'Not even on Sundays. (step 5)' }).first().waitFor();
  expect(await rows.filter({ hasText: 'Nobody cancels here.' }).count()).toBe(0);
});

test('in Restricted Mode none of them runs', async ({ workbench, workspace }) => {
  const mark = workspace.path('ran.txt');
  workspace.write('evaluators/cancels.evaluator.mjs', EVALUATOR(mark, 'Nobody cancels here.'));
  workspace.write('evaluators/shared.mjs', SHARED);
  workspace.configure({ 'hindstep.evaluatorsFolder': 'evaluators' });
  await workbench.open({ trust: false });
  const view = await workbench.openTrace('traces/cancel-duplicate-order.trace.json');
  await workbench.statusBarItem(/^step 5 of 6/).waitFor();
  await view.frame.getByRole('region', { name: 'Suspect step' }).waitFor();
  expect(await view.frame.getByText('orders.cancels').count()).toBe(0);
  expect(existsSync(mark)).toBe(false);
});

test('a folder outside the workspace is not looked into, trusted or not', async ({ workbench, workspace }) => {
  const mark = workspace.path('ran.txt');
  workspace.write('../outside/cancels.evaluator.mjs', EVALUATOR(mark, 'Nobody cancels here.'));
  workspace.write('../outside/shared.mjs', SHARED);
  workspace.configure({ 'hindstep.evaluatorsFolder': '../outside' });
  await workbench.open();
  const view = await workbench.openTrace('traces/cancel-duplicate-order.trace.json');
  await view.frame.getByRole('region', { name: 'Suspect step' }).waitFor();
  expect(existsSync(mark)).toBe(false);
});

test('"New Custom Evaluator…" begins one that judges at once', async ({ workbench, workspace }) => {
  await workbench.open();
  const view = await workbench.openTrace('traces/cancel-duplicate-order.trace.json');
  await view.frame.getByRole('region', { name: 'Suspect step' }).waitFor();
  await workbench.command('Hindstep: New Custom Evaluator…');
  await workbench.page.getByRole('option', { name: 'TypeScript' }).click();
  await workbench.page.locator('.quick-input-widget').getByRole('textbox').fill('refund-limit');
  await workbench.page.keyboard.press('Enter');
  await workbench.tab('refund-limit.evaluator.ts').waitFor();
  expect(workspace.read('evaluators/hindstep-evaluator.d.ts')).toContain('export interface Step');
  await workbench.tab('cancel-duplicate-order.trace.json').click();
  const verdict = (await workbench.debugger()).frame.getByText('refund-limit').first();
  // It had nothing to judge by, so that it stands in a group that is folded.
  await verdict.waitFor({ state: 'attached' });
});

test('"Export Verdicts As…" writes what was judged, without secrets', async ({ workbench, workspace }) => {
  await workbench.open();
  const view = await workbench.openTrace('traces/cancel-duplicate-order.trace.json');
  await view.frame.getByRole('region', { name: 'Suspect step' }).waitFor();
  await workbench.command('Hindstep: Export Verdicts As…');
  await workbench.page.getByRole('option', { name: /SARIF/ }).click();
  const proposed = workbench.page.locator('.quick-input-widget').getByRole('textbox');
  await expect.poll(() => proposed.inputValue()).toMatch(/traces\/cancel-duplicate-order\.sarif$/);
  await workbench.page.keyboard.press('Enter');
  await workbench.notification(/cancel-duplicate-order\.sarif was written\./).waitFor();
  const text = workspace.read('traces/cancel-duplicate-order.sarif');
  expect(JSON.parse(text).runs[0].artifacts[0].location.uri).toBe('traces/cancel-duplicate-order.trace.json');
  expect(text).toContain('<EMAIL_1>');
  expect(text).not.toContain('ines@');
});
