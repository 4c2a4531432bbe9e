// Checks the view in a real browser: accessibility in three themes, keys, landing on the suspect, a million steps, and
// how long a step key takes to paint. `node test/support/webviewHarness/check.mjs`; exit code 1 when something is wrong.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { launch, open } from './browser.mjs';
import { startHarness } from './server.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const harness = await startHarness();
const browser = await launch();
let wrong = 0;

function expect(what, is, wanted) {
  const same = JSON.stringify(is) === JSON.stringify(wanted);
  if (!same) wrong++;
  console.log(`${same ? 'ok  ' : 'FAIL'} ${what}${same ? '' : `: ${JSON.stringify(is)} instead of ${JSON.stringify(wanted)}`}`);
}

const status = (page) => page.locator('.status-sentence').innerText();

async function checkAxe(page, what) {
  await page.evaluate(axe).catch(() => undefined);
  const violations = await page.evaluate(async () => {
    const { violations: found } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return found.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.target} ${n.any[0]?.message ?? n.failureSummary}`).join(' | ')}`);
  });
  expect(`axe finds nothing: ${what}`, violations, []);
}

const SCENES = {
  'at the suspect': async () => {},
  'a diff': (page) => goTo(page, 7),
  'an image': (page) => goTo(page, 10),
  'markdown and a table': (page) => goTo(page, 4),
  'a terminal': (page) => goTo(page, 6),
  'find open': async (page) => {
    await page.keyboard.press('Control+f');
    await page.keyboard.type('keyboard');
    await page.waitForTimeout(400);
  },
  'runs open': (page) => page.keyboard.press('r'),
  'keys open': (page) => page.keyboard.press('?'),
  'breakpoints open': (page) => page.getByRole('button', { name: /Breakpoints/ }).click(),
  'test dialog open': (page) => page.keyboard.press('t'),
  'harder runs': async (page) => {
    await page.keyboard.press('t');
    await page.getByRole('radio', { name: /^Run the agent against the recording/ }).check();
    await page.getByRole('checkbox', { name: /^timeout/ }).check();
  },
  'test written': async (page) => {
    await page.keyboard.press('t');
    await page.getByRole('button', { name: 'Prove and write' }).click();
    await page.getByText('Proved and written').waitFor();
  },
  ...Object.fromEntries(
    ['Provenance', 'State', 'Watch', 'Request', 'Raw'].map((name) => [
      `tab ${name}`,
      async (page) => {
        await goTo(page, 5);
        await page.getByRole('tab', { name }).click();
      },
    ]),
  ),
};

SCENES['a card on an argument'] = async (page) => {
  await goTo(page, 5);
  await page.locator('button.origin').first().focus();
  await page.locator('.origin-card').waitFor();
};
SCENES['a value that was gone to'] = async (page) => {
  await goTo(page, 5);
  await page.locator('button.origin').first().click();
  await page.locator('.way-back').waitFor();
};

async function goTo(page, step) {
  await page.keyboard.press('g');
  for (let i = 1; i < step; i++) await page.keyboard.press('j');
}

for (const theme of ['dark', 'light', 'hc']) {
  for (const [name, scene] of Object.entries(SCENES)) {
    const page = await open(browser, `${harness.url}?theme=${theme}`, { width: 1400, height: 900 });
    await scene(page);
    await page.waitForTimeout(250);
    await checkAxe(page, `${name}, ${theme}`);
    await page.close();
  }
}
for (const query of ['decline', 'fail', 'proof=not-proved']) {
  const page = await browser.newPage();
  await page.goto(`${harness.url}?${query}`);
  await page.waitForTimeout(800);
  await checkAxe(page, query);
  await page.close();
}

// In a narrow middle pane the choice of how to show a text covers nothing of the heading
{
  const page = await open(browser, harness.url, { width: 1300, height: 800 });
  await goTo(page, 8);
  await page.getByRole('button', { name: /Compare with the last call/ }).first().waitFor();
  const boxes = (selector) =>
    page.locator(selector).evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
  const buttons = await boxes('.compare-button');
  const choices = await boxes('.kind-select');
  const covered = choices.filter((choice) =>
    buttons.some(
      ({ left, right, top, bottom }) =>
        choice.left < right && left < choice.right && choice.top < bottom && top < choice.bottom,
    ),
  );
  expect('the choice of how to show a text covers no button', [buttons.length, choices.length, covered], [1, 1, []]);
  await page.close();
}

// In a narrow window all tabs are in view
{
  const page = await open(browser, harness.url, { width: 480, height: 800 });
  const tabs = page.getByRole('tab');
  const outside = await tabs.evaluateAll(
    (all) => all.filter((tab) => tab.getBoundingClientRect().right > window.innerWidth).length,
  );
  expect('no tab is cut off', [await tabs.count(), outside], [6, 0]);
  await page.close();
}

// A file that can't be read, and another try
{
  const page = await browser.newPage();
  await page.goto(`${harness.url}?fail`);
  const tryAgain = page.getByRole('button', { name: 'Try again' });
  await tryAgain.click();
  await page.getByRole('alert').getByText('look 2').waitFor();
  expect('what failed is said', await page.getByRole('heading').innerText(), 'The file could not be read');
  await tryAgain.click();
  await page.getByRole('treeitem').first().waitFor();
  await page.close();
}

// Provenance: from an argument to the place it came from and back, and on to who used it, by keyboard alone
{
  const page = await open(browser, harness.url, { width: 1400, height: 900 });
  const marked = () =>
    page.evaluate(() => [...(CSS.highlights.get('hindstep-place') ?? [])].map((range) => range.toString()));
  const markIsSeen = () =>
    page.evaluate(() => {
      const [range] = CSS.highlights.get('hindstep-place') ?? [];
      const { top = -1, bottom = -1 } = range?.getBoundingClientRect() ?? {};
      return top >= 0 && bottom <= window.innerHeight;
    });
  const hasMark = () =>
    page.waitForFunction(() => (CSS.highlights.get('hindstep-place')?.size ?? 0) > 0, undefined, { timeout: 5000 });
  await goTo(page, 5);
  const value = page.locator('button.origin').first();
  await value.focus();
  expect('a card says where a value came from', /as it stood.*step 3/s.test(await page.locator('.origin-card').innerText()), true);
  await page.keyboard.press('Escape');
  expect('Escape closes the card', await page.locator('.origin-card').count(), 0);
  await page.keyboard.press('Enter');
  await hasMark();
  expect('Enter goes to the place', await status(page), 'step 3 of 77 · get_user');
  expect('and marks the value there, in view', [await marked(), await markIsSeen()], [['#W2378156'], true]);
  expect('the focus is in the step', await page.evaluate(() => document.activeElement?.id), 'step-pane');
  await page.getByRole('tab', { name: 'Provenance' }).click();
  const later = page.getByRole('region', { name: 'Used later' }).getByRole('button', { name: 'step 5' }).first();
  await later.waitFor();
  await later.focus();
  await page.keyboard.press('Enter');
  await hasMark();
  expect('who used it later is gone to', await status(page), 'step 5 of 77 · cancel_order');
  await page.getByRole('button', { name: 'Back to step 3' }).click();
  expect('and back', await status(page), 'step 3 of 77 · get_user');
  await page.close();
}

// Keys and landing
{
  const page = await open(browser, harness.url, { width: 1400, height: 900 });
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  expect('lands on the suspect', await page.locator('.suspect-banner.is-first').count(), 1);
  await page.keyboard.press('g');
  expect('g goes to the first step', await status(page), 'step 1 of 77 · system');
  await page.keyboard.press('j');
  expect('j goes on', await status(page), 'step 2 of 77 · user');
  await goTo(page, 14);
  await page.keyboard.press('l');
  expect('l goes into the sub-agent', await status(page), 'step 15 of 77 · read_file');
  await page.keyboard.press('h');
  expect('h goes out of it', await status(page), 'step 14 of 77 · task');
  await page.evaluate(() => window.webview.command({ name: 'stepOver' }));
  await page.waitForTimeout(60);
  expect('step over passes it', await status(page), 'step 20 of 77 · bash');
  await page.evaluate(() => window.webview.command({ name: 'stepBack' }));
  await page.waitForTimeout(60);
  expect('step back returns', await status(page), 'step 14 of 77 · task');
  await page.keyboard.press('b');
  expect('b sets a breakpoint', await page.getByRole('treeitem', { name: /14\s*task.*breakpoint/ }).count(), 1);
  await page.keyboard.press('g');
  await page.evaluate(() => window.webview.command({ name: 'continue' }));
  await page.waitForTimeout(150);
  expect('continue stops', (await page.locator('.status-notice').innerText()).length > 0, true);
  await page.keyboard.press('/');
  await page.waitForTimeout(60);
  await page.keyboard.type('tool:bash jjj');
  await page.waitForTimeout(500);
  expect('letters go into the filter', await page.locator('#filter-box').evaluate((e) => e.value), 'tool:bash jjj');
  for (let i = 0; i < 4; i++) await page.keyboard.press('Backspace');
  await page.waitForTimeout(400);
  expect('the filter keeps bash', (await page.locator('.filter-count').innerText()).startsWith('16 of 77'), true);
  await page.keyboard.press('Escape');
  await page.waitForTimeout(60);
  await page.keyboard.press('t');
  await page.waitForTimeout(300);
  expect('the dialog starts in its first field', await page.evaluate(() => document.activeElement?.id), 'test-title');
  const inside = [];
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('Tab');
    inside.push(await page.evaluate(() => document.activeElement?.closest('dialog') !== null));
  }
  expect('Tab stays in the dialog', inside.every(Boolean), true);
  await page.keyboard.press('Escape');
  await page.waitForTimeout(60);
  expect('Escape closes the dialog', await page.locator('dialog').count(), 0);
  await page.keyboard.press('G');
  await page.waitForTimeout(500);
  await page.reload();
  await page.locator('.status-sentence').waitFor();
  await page.waitForTimeout(300);
  expect('a reload comes back to the step', await status(page), 'step 77 of 77 · final answer');
  expect('no error in the page', errors, []);
  await page.close();
}

// A long text: what is hidden is said, and comes on asking
{
  const page = await open(browser, harness.url, { width: 1400, height: 900 });
  await goTo(page, 13);
  const notice = page.locator('.cut-notice').first();
  expect('says how much is hidden', /^Showing (19,999|20,000) characters of [\d,.]+/.test(await notice.innerText()), true);
  await page.getByRole('button', { name: /Show all/ }).click();
  await notice.waitFor({ state: 'detached' });
  const frame = page.getByRole('group', { name: 'Observation 1' });
  await frame.focus();
  await page.keyboard.press('Control+End');
  await frame.evaluate((e) => e.scrollTo(0, e.scrollHeight));
  await page.waitForTimeout(150);
  expect('shows the last line', (await frame.innerText()).includes('packages/service-8999/'), true);
  expect('draws few lines of it', (await frame.locator('.text-row').count()) < 80, true);
  await page.close();
}

// A million steps
{
  const page = await open(browser, `${harness.url}?steps=1000000`, { width: 1400, height: 900 });
  await page.keyboard.press('G');
  await page.waitForTimeout(300);
  expect('G reaches the millionth step', await status(page), 'step 1,000,000 of 1,000,000 · final answer');
  expect('its row is drawn', await page.locator('#step-999999').isVisible(), true);
  await page.keyboard.press('k');
  await page.waitForTimeout(100);
  expect('k goes back one', (await status(page)).startsWith('step 999,999 of'), true);
  const tree = await page.locator('#step-tree').boundingBox();
  await page.mouse.move(tree.x + 50, tree.y + 200);
  const firstRow = () => page.evaluate(() => Math.min(...[...document.querySelectorAll('.step-row')].map((r) => Number(r.id.slice(5) || 1e9))));
  const before = await firstRow();
  await page.mouse.wheel(0, -240);
  await page.waitForTimeout(100);
  expect('the wheel moves by rows', before - (await firstRow()), 10);
  expect('few rows are drawn', (await page.locator('.step-row').count()) < 70, true);
  await page.close();
}

// From key to painted, with observations of 20 KB
{
  const page = await open(browser, `${harness.url}?steps=3000`, { width: 1400, height: 900 });
  await page.evaluate(() => {
    globalThis.work = [];
    document.addEventListener(
      'keydown',
      (event) => {
        const start = performance.now();
        const stamp = event.timeStamp;
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => globalThis.work.push([performance.now() - start, performance.now() - stamp, globalThis.layout]);
          // What is left of the frame: style and layout, forced here so that they are counted.
          const before = performance.now();
          document.body.getBoundingClientRect();
          globalThis.layout = performance.now() - before;
          channel.port2.postMessage(0);
        });
      },
      { capture: true },
    );
    const observer = new PerformanceObserver((list) => {
      globalThis.long = [...(globalThis.long ?? []), ...list.getEntries().map((e) => e.duration)];
    });
    observer.observe({ entryTypes: ['longtask'] });
  });
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable');
  const metrics = async () => Object.fromEntries((await client.send('Performance.getMetrics')).metrics.map((m) => [m.name, m.value]));
  await page.keyboard.press('g');
  await page.waitForTimeout(300);
  await page.evaluate(() => globalThis.work.splice(0));
  const works = [];
  for (let i = 0; i < 120; i++) {
    const from = await metrics();
    await page.keyboard.press('j');
    await page.waitForTimeout(40);
    const to = await metrics();
    works.push((to.ScriptDuration - from.ScriptDuration + to.LayoutDuration - from.LayoutDuration + to.RecalcStyleDuration - from.RecalcStyleDuration) * 1000);
  }
  const painted = (await page.evaluate(() => globalThis.work)).map(([, sinceKey]) => sinceKey);
  const at = (list, part) => [...list].sort((a, b) => a - b)[Math.floor(list.length * part)]?.toFixed(1);
  console.log(`work of a step key, prefetching included: median ${at(works, 0.5)} ms, p95 ${at(works, 0.95)} ms`);
  console.log(`key to painted: median ${at(painted, 0.5)} ms, p95 ${at(painted, 0.95)} ms`);
  console.log(`long tasks: ${((await page.evaluate(() => globalThis.long)) ?? []).length}`);
  await page.close();
}

await browser.close();
harness.close();
console.log(wrong === 0 ? 'All held.' : `${wrong} did not hold.`);
process.exitCode = wrong === 0 ? 0 : 1;
