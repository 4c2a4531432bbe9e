import { noNeighbours } from '../../src/core/source/byteSource.ts';
import { openFileSource } from '../../src/node/fileSource.ts';
import { traceService } from '../../src/worker/traceService.ts';
import { report } from './report.ts';

// Provenance over one run, as the view asks for it: until the whole run is indexed, and then for every step how long its
// answers take, backward and forward. Secrets are masked, as they are unless a person asks for them.
const [path = ''] = process.argv.slice(2);
const { signal } = new AbortController();
const files = { open: async (name: string) => ({ source: await openFileSource(name), neighbours: noNeighbours }) };
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
const [{ id: run, stepCount: steps } = { id: '', stepCount: 0 }] = (await service.summary({}, signal)).runs;

const start = performance.now();
await service.laterUses({ run, step: 0 }, signal);
const indexed = performance.now() - start;

const backward: number[] = [];
const forward: number[] = [];
let answers = 0;
let uses = 0;
for (let n = 0; n < steps; n++) {
  const step = (n * 7919) % steps;
  const asked = performance.now();
  const origins = await service.provenance({ run, step }, signal);
  const answered = performance.now();
  const later = await service.laterUses({ run, step }, signal);
  forward.push(performance.now() - answered);
  backward.push(answered - asked);
  answers += origins.length;
  uses += later.uses.length;
}

function share(values: readonly number[], part: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN;
}

report({
  indexed,
  steps,
  answers,
  uses,
  backward50: share(backward, 0.5),
  backward95: share(backward, 0.95),
  backwardMost: Math.max(...backward),
  forward50: share(forward, 0.5),
  forward95: share(forward, 0.95),
  forwardMost: Math.max(...forward),
});
