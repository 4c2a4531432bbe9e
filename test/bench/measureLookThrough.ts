import { dirname } from 'node:path';
import { openFileSource } from '../../src/node/fileSource.ts';
import { folderNeighbours } from '../../src/node/neighbours.ts';
import { traceService } from '../../src/worker/traceService.ts';
import { report } from './report.ts';

// Find, filter, breakpoints, provenance and the timeline over one long run: until the first answer, until the last, and
// how long a step that is asked for meanwhile takes to come. Words after the path choose tasks.
const [path = '', ...tasks] = process.argv.slice(2);
const isWanted = (task: string) => tasks.length === 0 || tasks.includes(task);
const { signal } = new AbortController();
const files = {
  open: async (name: string) => ({
    source: await openFileSource(name),
    neighbours: folderNeighbours(dirname(name)),
  }),
};
let isWhole: () => void = () => undefined;
const whole = new Promise<void>((resolve) => {
  isWhole = resolve;
});
const service = traceService(files, {
  progress: () => undefined,
  judged: () => undefined,
  changed: ({ answer }) => {
    if (answer.reading === undefined) isWhole();
  },
});
const opened = await service.open({ path }, signal);
if (opened.status !== 'opened') throw new Error(opened.decline.sentence);
if (opened.reading !== undefined) await whole;
const { runs } = await service.summary({}, signal);
const [{ id: run, stepCount } = { id: '', stepCount: 0 }] = runs;

/** Asks until `ask` says that it was the last answer, and for a step now and then in between. */
async function measure(name: string, ask: () => Promise<{ isLast: boolean; results: number }>): Promise<void> {
  const start = performance.now();
  let first = 0;
  let firstResult = 0;
  let results = 0;
  const steps: number[] = [];
  let isOver = false;
  const asking = (async () => {
    for (let n = 0; !isOver; n++) {
      await new Promise((resolve) => setTimeout(resolve, 25));
      const asked = performance.now();
      await service.step({ run, step: (n * 7919) % stepCount, cutAt: 20_000 }, signal);
      steps.push(performance.now() - asked);
    }
  })();
  for (;;) {
    const { isLast, results: more } = await ask();
    results += more;
    const now = performance.now() - start;
    if (first === 0) first = now;
    if (firstResult === 0 && results > 0) firstResult = now;
    if (isLast) break;
  }
  const total = performance.now() - start;
  isOver = true;
  await asking;
  steps.sort((a, b) => a - b);
  const worst = steps.at(-1) ?? 0;
  console.error(
    `${name}: first answer ${first.toFixed(0)} ms, first result ${firstResult.toFixed(0)} ms, all ${results} after ${total.toFixed(0)} ms; steps meanwhile: median ${(steps[steps.length >> 1] ?? 0).toFixed(1)}, worst ${worst.toFixed(1)} ms of ${steps.length}`,
  );
  report({ first, firstResult, total, results, step: steps[steps.length >> 1] ?? 0, worst });
}

for (const query of isWanted('find')
  ? ['no such words', 'unused variable `probe`', 'cancel_order', '"a-1041"', 'e']
  : []) {
  let done = 0;
  await measure(`find ${query}`, async () => {
    const answer = await service.find({ run, query, from: 0, done, limit: 500 }, signal);
    ({ done } = answer);
    return { isLast: answer.more || done >= stepCount, results: answer.hits.length };
  });
}
for (const filter of isWanted('filter')
  ? ['tool:edit', 'cancel', 'tool:edit -worker', '= tool == "edit_file" && index > 500000', '= arguments.line == 17']
  : []) {
  let from = 0;
  await measure(`filter ${filter}`, async () => {
    const answer = await service.filter({ run, filter, from }, signal);
    if (!answer.ok) throw new Error(answer.problem);
    from = answer.next;
    return { isLast: from >= stepCount, results: answer.steps.length / 4 };
  });
}
for (const condition of isWanted('continue')
  ? [
      'tool == "cancel_order"',
      'tool == "cancel_order" && observation.text.contains("timed out")',
      'arguments.line == -1',
    ]
  : []) {
  await measure(`continue to ${condition}`, async () => {
    const breakpoints = [{ id: '1', enabled: true, condition }];
    await service.continue({ run, from: 0, direction: 'forward', breakpoints, stopAtFailures: false }, signal);
    return { isLast: true, results: 1 };
  });
}
if (isWanted('timeline')) {
  await measure('timeline', async () => {
    const { cells } = await service.timeline({ run, by: 'time', columns: 2000 }, signal);
    return { isLast: true, results: cells.length / 32 };
  });
  await measure('timeline again', async () => {
    const { cells } = await service.timeline({ run, by: 'step', columns: 2000 }, signal);
    return { isLast: true, results: cells.length / 32 };
  });
}
for (const step of isWanted('provenance') ? [1000, 1001, 2500, 2501, 20_000].filter((n) => n < stepCount) : []) {
  await measure(`provenance of step ${step}`, async () => {
    const origins = await service.provenance({ run, step }, signal);
    return { isLast: true, results: origins.length };
  });
}
process.exit(0);
