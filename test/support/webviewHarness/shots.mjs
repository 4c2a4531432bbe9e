// Takes pictures of the view, for looking at: `node test/support/webviewHarness/shots.mjs OUT [name…]`

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { launch, open } from './browser.mjs';
import { startHarness } from './server.mjs';

const [out = 'shots', ...wanted] = process.argv.slice(2);
await mkdir(out, { recursive: true });
const harness = await startHarness();
const browser = await launch();

/** What to do before the picture. */
const SCENES = {
  suspect: async () => {},
  unsafe: async (page) => {
    await goTo(page, 5);
    await page.getByRole('button', { name: 'Generate pre-guardrail' }).last().scrollIntoViewIfNeeded();
  },
  markdown: (page) => goTo(page, 4),
  ansi: (page) => goTo(page, 6),
  diff: (page) => goTo(page, 7),
  long: (page) => goTo(page, 8),
  json: (page) => goTo(page, 9),
  image: (page) => goTo(page, 10),
  parallel: (page) => goTo(page, 11),
  hostile: (page) => goTo(page, 12),
  huge: (page) => goTo(page, 13),
  nested: (page) => goTo(page, 18),
  final: (page) => page.keyboard.press('G'),
  tree: async (page) => {
    await page.getByRole('button', { name: /Show as a tree/ }).click();
    await goTo(page, 14);
  },
  filter: async (page) => {
    await page.keyboard.press('/');
    await page.keyboard.type('tool:bash status:fail');
    await page.waitForTimeout(500);
  },
  find: async (page) => {
    await page.keyboard.press('Control+f');
    await page.keyboard.type('keyboard');
    await page.waitForTimeout(500);
  },
  provenance: async (page) => {
    await goTo(page, 5);
    await page.getByRole('tab', { name: 'Provenance' }).click();
  },
  state: async (page) => {
    await goTo(page, 5);
    await page.getByRole('tab', { name: 'State' }).click();
  },
  request: async (page) => {
    await goTo(page, 5);
    await page.getByRole('tab', { name: 'Request' }).click();
  },
  raw: async (page) => {
    await page.getByRole('tab', { name: 'Raw' }).click();
    await page.waitForTimeout(300);
  },
  watch: async (page) => {
    await page.getByRole('tab', { name: 'Watch' }).click();
    await page.getByRole('textbox', { name: 'Expression to watch' }).fill('arguments');
    await page.keyboard.press('Enter');
  },
  runs: (page) => page.keyboard.press('r'),
  keys: (page) => page.keyboard.press('?'),
  breakpoints: (page) => page.getByRole('button', { name: /Breakpoints/ }).click(),
  test: (page) => page.keyboard.press('t'),
  corrections: async (page) => {
    await page.keyboard.press('t');
    await page.getByRole('radio', { name: /^Run the agent against the recording/ }).check();
    await page.getByRole('checkbox', { name: /^timeout/ }).check();
    await page.getByRole('checkbox', { name: /^injection/ }).scrollIntoViewIfNeeded();
  },
  impossible: async (page) => {
    await page.keyboard.press('t');
    await page.getByRole('radio', { name: /^Run the agent against the recording/ }).check();
    await page.getByRole('radio', { name: /^Another call must be made/ }).check();
    await page.getByRole('combobox', { name: 'Tool', exact: true }).selectOption('get_order');
    await page.getByRole('checkbox', { name: /^injection/ }).scrollIntoViewIfNeeded();
  },
  proved: async (page) => {
    await page.keyboard.press('t');
    await page.getByRole('button', { name: 'Prove and write' }).click();
    await page.getByText('Proved and written').waitFor();
  },
};

async function goTo(page, step) {
  await page.keyboard.press('g');
  for (let i = 1; i < step; i++) await page.keyboard.press('j');
}

for (const [name, scene] of Object.entries(SCENES)) {
  if (wanted.length > 0 && !wanted.includes(name) && !wanted.includes('all')) continue;
  for (const theme of ['dark', 'light', 'hc']) {
    for (const [width, height] of [
      [1400, 900],
      [800, 700],
    ]) {
      const page = await open(browser, `${harness.url}?theme=${theme}`, { width, height });
      await scene(page);
      await page.waitForTimeout(350);
      await page.screenshot({ path: join(out, `${name}-${theme}-${width}.png`) });
      await page.close();
    }
  }
}
await browser.close();
harness.close();
