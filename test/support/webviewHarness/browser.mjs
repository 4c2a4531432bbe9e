import { chromium } from 'playwright-core';
import { CHROMIUM_FLAGS, findChromium } from '../../../scripts/support/debian.mjs';

/** Chromium, as the end-to-end tests start it. */
export function launch() {
  return chromium.launch({ executablePath: findChromium(), args: CHROMIUM_FLAGS });
}

/** Opens the view and waits until the run on screen is evaluated. What goes wrong in the page is printed. */
export async function open(browser, url, viewport) {
  const page = await browser.newPage({ viewport });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) console.log(`[page] ${message.text()}`);
  });
  page.on('pageerror', (error) => console.log(`[page] ${error.stack ?? error.message}`));
  await page.goto(url);
  await page
    .locator('.verdict-counts')
    .waitFor({ timeout: 20_000 })
    .catch(() => console.log(`[page] ${url} was not evaluated within 20 s`));
  return page;
}
