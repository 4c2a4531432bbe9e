import { readFileSync } from 'node:fs';
import type { DebuggerView } from '../e2e/pages/debuggerView.ts';
import type { Workbench } from '../e2e/pages/workbench.ts';
import { test } from '../e2e/support/vscodeTest.ts';
import { generateTrace } from './generateTrace.ts';

// The same in the real VS Code, from the double-click: prints tables, asserts nothing about time.
const MB = 1024 * 1024;
const FILES = [
  { name: 'empty.trace.json', bytes: 0 },
  { name: '10mb.trace.json', bytes: 10 * MB },
  { name: '100mb.trace.json', bytes: 100 * MB },
];

test('opening, from the double-click to the suspect step', { timeout: 900_000 }, async ({ workbench, workspace }) => {
  for (const { name, bytes } of FILES) {
    await generateTrace({
      path: workspace.path(name),
      bytes,
      steps: Number.POSITIVE_INFINITY,
      observation: [1000, 20_000],
    });
  }
  await workbench.open();
  // The first debugger of a window also starts VS Code's own part of webviews.
  await open(workbench, 'traces/upgrade-plan-done.trace.json');
  const rows = [];
  let empty = 0;
  for (const { name } of FILES) {
    const { firstRow, suspect } = await open(workbench, name);
    const start = performance.now();
    JSON.parse(readFileSync(workspace.path(name), 'utf8'));
    const parse = performance.now() - start;
    if (empty === 0) empty = suspect;
    rows.push({
      file: name,
      'first row ms': Math.round(firstRow),
      'suspect step ms': Math.round(suspect),
      'read + JSON.parse ms': Math.round(parse),
      // The empty trace pays for VS Code's own editor, page and worker.
      'over the empty trace : parse': suspect === empty ? '–' : `${((suspect - empty) / parse).toFixed(1)} ×`,
    });
  }
  console.table(rows);
});

test('stepping, from the key to the painted details', { timeout: 300_000 }, async ({ workbench, workspace }) => {
  const name = 'stepping.trace.json';
  await generateTrace({
    path: workspace.path(name),
    bytes: Number.POSITIVE_INFINITY,
    steps: 200,
    observation: [20_000, 20_001],
  });
  await workbench.open();
  const view = await workbench.openTrace(name);
  await view.frame.getByText('Suspect step').first().waitFor();
  await view.press('Home');
  const samples = await stepping(view, 120);
  const of = (pick: (sample: Sample) => number, share: number) => {
    const sorted = samples.map(pick).sort((a, b) => a - b);
    return Number((sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(1));
  };
  console.table([
    { step: 'work (script, style, layout)', 'median ms': of((s) => s.work, 0.5), 'p95 ms': of((s) => s.work, 0.95) },
    { step: 'key to painted', 'median ms': of((s) => s.painted, 0.5), 'p95 ms': of((s) => s.painted, 0.95) },
    { step: 'one frame, nothing to do', 'median ms': of((s) => s.idle, 0.5), 'p95 ms': of((s) => s.idle, 0.95) },
  ]);
});

async function open(workbench: Workbench, path: string): Promise<{ firstRow: number; suspect: number }> {
  const item = await workbench.file(path);
  const start = performance.now();
  await item.dblclick();
  const view = await workbench.debugger();
  await view.steps.getByRole('treeitem').first().waitFor();
  const firstRow = performance.now() - start;
  await view.frame.getByText('Suspect step').first().waitFor({ timeout: 600_000 });
  const suspect = performance.now() - start;
  await workbench.page.keyboard.press('Control+F4');
  return { firstRow, suspect };
}

interface Sample {
  readonly work: number;
  readonly painted: number;
  readonly idle: number;
}

/**
 * Presses `j` in the page again and again, with observations of 20 KB. `work` is until the selected step's heading is in
 * the document and laid out; `painted` until after the next frame, to which `idle` is the yardstick. The first 20 warm up.
 */
async function stepping(view: DebuggerView, keys: number): Promise<Sample[]> {
  const content = await view.content();
  return content.evaluate<Sample[], number>(async (count) => {
    const tree = document.querySelector<HTMLElement>('[role="tree"]');
    if (tree === null) throw new Error('There is no list of steps.');
    const painted = () =>
      new Promise<void>((resolve) =>
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve();
          port2.postMessage(0);
        }),
      );
    const selected = () => tree.querySelector('[aria-selected="true"]')?.getAttribute('aria-posinset') ?? '';
    const samples: Sample[] = [];
    for (let i = 0; i < count; i++) {
      await new Promise((resolve) => setTimeout(resolve, 40));
      const idleStart = performance.now();
      await painted();
      const start = performance.now();
      const before = selected();
      tree.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', code: 'KeyJ', bubbles: true, cancelable: true }));
      while (selected() === before && performance.now() - start < 200) await Promise.resolve();
      document.body.getBoundingClientRect();
      const work = performance.now() - start;
      await painted();
      samples.push({ work, painted: performance.now() - start, idle: start - idleStart });
    }
    return samples.slice(20);
  }, keys);
}
