import { describe, expect } from 'vitest';
import { test } from './support/vscodeTest.ts';

const CHROME_TRACE = JSON.stringify({ traceEvents: [{ ph: 'X', ts: 1, dur: 2, pid: 1, tid: 1, name: 'paint' }] });

describe('opening', () => {
  test('a double-click on *.trace.json lands in the debugger', async ({ workbench }) => {
    await workbench.open();
    const view = await workbench.openTrace('traces/cancel-duplicate-order.trace.json');
    await view.selectedStep.waitFor();
    await workbench.statusBarItem(/^step \d of 6/).waitFor();
    expect(await workbench.tab('cancel-duplicate-order.trace.json').count()).toBe(1);
  });

  test.for(['traces/fix-invoice-rounding.jsonl', 'traces/fix-leap-year.traj'])(
    '%s opens through the Explorer menu',
    async (path, { workbench }) => {
      await workbench.open();
      await workbench.openInHindstep(path);
      await (await workbench.debugger()).selectedStep.waitFor();
      await workbench.statusBarItem(/^step \d+ of \d+/).waitFor();
    },
  );

  test('a text editor of JSON has a button that opens the debugger', async ({ workbench }) => {
    await workbench.open();
    await workbench.openFile('traces/fix-invoice-rounding.jsonl');
    await workbench.textEditor.waitFor();
    await workbench.page.getByRole('button', { name: 'Open in Hindstep' }).click();
    await (await workbench.debugger()).selectedStep.waitFor();
  });

  test('viewing works in Restricted Mode', async ({ workbench }) => {
    await workbench.open({ trust: false });
    const view = await workbench.openTrace('traces/cancel-duplicate-order.trace.json');
    await view.selectedStep.waitFor();
  });
});

describe('what is no agent trace', () => {
  test('a Chrome trace ends in the text editor, with one sentence', async ({ workbench, workspace }) => {
    workspace.write('chrome.trace.json', CHROME_TRACE);
    await workbench.open();
    await workbench.openFile('chrome.trace.json');
    await workbench.notification(/chrome\.trace\.json is a browser performance trace, not an agent's/).waitFor();
    await workbench.textEditor.getByText('traceEvents').waitFor();
    expect(await workbench.tab('chrome.trace.json').count()).toBe(1);
    expect(await workbench.notifications.count()).toBe(1);
  });

  test('ordinary JSON goes back to the text editor, with one sentence', async ({ workbench }) => {
    await workbench.open();
    await workbench.openInHindstep('package.json');
    await workbench.notification(/package\.json holds JSON, but nothing in it looks like an agent's trace/).waitFor();
    await workbench.textEditor.getByText('hindstep-sample').waitFor();
  });

  test('an empty file says so in the editor', async ({ workbench, workspace }) => {
    workspace.write('empty.trace.json', '');
    await workbench.open();
    await workbench.openFile('empty.trace.json');
    await workbench.page.waitForSelector('iframe.webview.ready');
    await workbench.debuggerPage
      .getByText(/empty\.trace\.json is empty/)
      .first()
      .waitFor();
  });

  test('a binary file is handed back, with one sentence', async ({ workbench, workspace }) => {
    workspace.write('binary.trace.json', new Uint8Array([0, 1, 2, 3, 0, 255, 254, 0]));
    await workbench.open();
    await workbench.openFile('binary.trace.json');
    await workbench.notification(/binary\.trace\.json is a binary file/).waitFor();
  });

  test('a truncated trace opens as far as it goes', async ({ workbench, workspace }) => {
    const whole = workspace.read('traces/cancel-duplicate-order.trace.json');
    workspace.write('torn.trace.json', whole.slice(0, whole.indexOf('"step_id": 5') + 40));
    await workbench.open();
    const view = await workbench.openTrace('torn.trace.json');
    await view.selectedStep.waitFor();
    await workbench.statusBarItem(/^step \d of 4/).waitFor();
    const rows = await workbench.problems();
    await rows.filter({ hasText: /cut off|ends in the middle/ }).waitFor();
  });
});

test('a file that grows is read again, and the cursor stays', async ({ workbench, workspace }) => {
  const whole = workspace.read('traces/cancel-duplicate-order.trace.json');
  const trace = JSON.parse(whole) as { steps: unknown[] };
  workspace.write('growing.trace.json', JSON.stringify({ ...trace, steps: trace.steps.slice(0, 4) }));
  await workbench.open();
  const view = await workbench.openTrace('growing.trace.json');
  await workbench.statusBarItem(/^step \d of 4/).waitFor();
  await view.press('Home');
  await view.press('F10');
  await workbench.statusBarItem(/^step 2 of 4/).waitFor();
  workspace.write('growing.trace.json', whole);
  await workbench.statusBarItem(/^step 2 of 6/).waitFor();
});
