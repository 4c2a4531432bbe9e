import { describe, expect } from 'vitest';
import { violations } from './support/axe.ts';
import { screenshotPath, test } from './support/vscodeTest.ts';

const THEMES = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  'high contrast': 'Default High Contrast',
  'high contrast light': 'Default High Contrast Light',
};

describe.each(Object.entries(THEMES))('in a %s theme', (name, theme) => {
  test('axe finds nothing in the debugger', async ({ workbench, workspace }) => {
    workspace.configure({ 'workbench.colorTheme': theme });
    await workbench.open();
    const view = await workbench.openTrace('traces/cancel-duplicate-order.trace.json');
    await workbench.statusBarItem(/^step \d of 6/).waitFor();
    await view.steps.getByRole('treeitem').first().waitFor();
    await workbench.page.screenshot({ path: screenshotPath(`debugger ${name}`) });
    expect(await violations(await view.content())).toEqual([]);
  });
});
