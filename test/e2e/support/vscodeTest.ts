import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { test as base, expect, inject } from 'vitest';
import { CHROMIUM_FLAGS } from '../../../scripts/support/debian.mjs';
import { root } from '../../../scripts/support/root.mjs';
import { Workbench } from '../pages/workbench.ts';
import { Workspace } from './workspace.ts';

interface InVsCode {
  browser: Browser;
  /** Fresh for every test. */
  workspace: Workspace;
  /** VS Code in a window of its own; `open` it when the workspace is as the test wants it. */
  workbench: Workbench;
}

/** A test in the real VS Code. When it fails, a screenshot is left in `test-results`. */
export const test = base.extend<InVsCode>({
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of the fixtures that are needed from here.
    async ({}, use) => {
      const browser = await chromium.launch({ executablePath: inject('chromium'), args: CHROMIUM_FLAGS });
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: as above.
  workspace: async ({}, use) => use(new Workspace()),
  workbench: async ({ browser, workspace, task }, use) => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const page = await context.newPage();
    const refused: string[] = [];
    page.on('console', (message) => {
      const inDebugger = message.location().url.includes('extensionId=hindstep') || message.text().includes('hindstep');
      if (inDebugger && /Content Security Policy/.test(message.text())) refused.push(message.text());
    });
    const workbench = new Workbench(page, `${inject('serverUrl')}?folder=${encodeURI(workspace.folder)}`);
    await use(workbench);
    if (task.result?.state === 'fail') await page.screenshot({ path: screenshotPath(`failed ${task.name}`) });
    await context.close();
    expect(refused, 'what the page’s policy refused').toEqual([]);
  },
});

/** Where a screenshot of this name goes. */
export function screenshotPath(name: string): string {
  const folder = join(root, 'test-results', 'screenshots');
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name.replaceAll(/[^\w]+/g, '-')}.png`);
}
