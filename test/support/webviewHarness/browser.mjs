import { chromium } from 'playwright-core';

/** Debian's Chromium without what a test machine has no use for. */
export function launch() {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
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
