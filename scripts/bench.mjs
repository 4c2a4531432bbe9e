// `npm run bench`: figures as ratios taken in one run, because machines are noisy. Prints a table, asserts nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages } from './support/install.mjs';
import { root } from './support/root.mjs';

/** @typedef {{ total: number, listed: number, evaluated: number, steps: number, peak: number }} Figures One process: ms, steps, MB. */

const ROUNDS = 3;
const MB = 1024 * 1024;
const folder = join(root, '.cache', 'bench');

await installPackages();
mkdirSync(folder, { recursive: true });
// esbuild is there only once packages are installed.
const { bundleBench } = await import('./support/bundleBench.mjs');
await bundleBench(['generateTrace', 'generateLinked', 'measureParse', 'measureOpen', 'measureProvenance'], folder);

const { generateTrace } = await import(join(folder, 'generateTrace.mjs'));
const files = [
  {
    name: '10 MB',
    path: join(folder, '10mb.json'),
    bytes: 10 * MB,
    steps: Number.POSITIVE_INFINITY,
    observation: [1000, 20000],
  },
  {
    name: '100 MB',
    path: join(folder, '100mb.json'),
    bytes: 100 * MB,
    steps: Number.POSITIVE_INFINITY,
    observation: [1000, 20000],
  },
  {
    name: '10,000 steps',
    path: join(folder, '10k.json'),
    bytes: Number.POSITIVE_INFINITY,
    steps: 10_000,
    observation: [200, 2000],
  },
];

console.log(
  `Medians of ${ROUNDS} rounds; every figure from a process of its own; ratios to reading and JSON.parse-ing in the same round.\n`,
);
const table = [];
for (const file of files) {
  if (!existsSync(file.path)) await generateTrace(file);
  /** @type {{ parse: Figures, open: Figures }[]} */
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    // Every second round the other way about, so that neither always finds the file warm.
    const early = round % 2 === 0 ? measure('measureParse', file.path) : undefined;
    const open = measure('measureOpen', file.path);
    rounds.push({ open, parse: early ?? measure('measureParse', file.path) });
  }
  /** @param {(round: { parse: Figures, open: Figures }) => number} pick */
  const of = (pick) => median(rounds.map(pick));
  table.push({
    file: file.name,
    MB: (statSync(file.path).size / MB).toFixed(1),
    steps: of((r) => r.open.steps),
    'JSON.parse ms': of((r) => r.parse.total).toFixed(0),
    'list + first step': ratio(of((r) => r.open.listed / r.parse.total)),
    evaluate: ratio(of((r) => r.open.evaluated / r.parse.total)),
    'to suspect step': ratio(of((r) => r.open.total / r.parse.total)),
    'µs a step': of((r) => (r.open.evaluated * 1000) / r.open.steps).toFixed(0),
    'peak MB': `${of((r) => r.open.peak).toFixed(0)} (parse ${of((r) => r.parse.peak).toFixed(0)})`,
  });
}
console.table(table);

console.log(
  '\nJudging by all evaluators and signals, time for one step, which stays flat when it is linear in the steps:\n',
);
const LENGTHS = [1000, 10_000, 100_000];
/** @type {number[]} */
const perStep = [];
for (const steps of LENGTHS) {
  const path = join(folder, `${steps}-steps.json`);
  if (!existsSync(path)) {
    await generateTrace({ path, bytes: Number.POSITIVE_INFINITY, steps, observation: [200, 2000] });
  }
  const rounds = Array.from({ length: ROUNDS }, () => measure('measureOpen', path));
  perStep.push(median(rounds.map(({ evaluated, steps: count }) => (evaluated * 1000) / count)));
}
console.table(
  LENGTHS.map((steps, i) => ({
    steps,
    'µs a step': (perStep[i] ?? Number.NaN).toFixed(0),
    'to 1,000 steps': ratio((perStep[i] ?? Number.NaN) / (perStep[0] ?? Number.NaN)),
  })),
);
console.log(
  '\nProvenance of 1,000 steps with 20 KB of observations, secrets masked: the index of the whole run as a ratio, then ms until a step is answered for (a frame has 16):\n',
);
const linked = join(folder, 'linked.json');
if (!existsSync(linked)) (await import(join(folder, 'generateLinked.mjs'))).generateLinked(linked, 1000);
/** @type {{ parse: number, found: Record<string, number> }[]} */
const asked = [];
for (let round = 0; round < ROUNDS; round++) {
  asked.push({ parse: measure('measureParse', linked).total, found: { ...measure('measureProvenance', linked) } });
}
/** @param {string} name */
const found = (name) => median(asked.map((round) => round.found[name] ?? Number.NaN));
console.table([
  {
    MB: (statSync(linked).size / MB).toFixed(1),
    'JSON.parse ms': median(asked.map(({ parse }) => parse)).toFixed(0),
    'index the run': ratio(median(asked.map(({ parse, found: f }) => (f.indexed ?? 0) / parse))),
    'arguments answered': found('answers'),
    'backward p50': found('backward50').toFixed(1),
    'backward p95': found('backward95').toFixed(1),
    'forward p50': found('forward50').toFixed(1),
    'forward p95': found('forward95').toFixed(1),
    'peak MB': found('peak').toFixed(0),
  },
]);

if (process.argv.includes('--no-vscode')) process.exit(0);
console.log('\nIn the real VS Code, in Chromium on this machine:\n');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const inVsCode = spawnSync(
  process.execPath,
  [vitest, 'run', '--config', 'vitest.bench.config.ts', '--disable-console-intercept'],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
process.exit(inVsCode.status ?? 1);

/**
 * @param {string} name
 * @param {string} path
 * @returns {Figures}
 */
function measure(name, path) {
  const child = spawnSync(process.execPath, [join(folder, `${name}.mjs`), path], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`${name} failed: ${child.stderr}`);
  return JSON.parse(child.stdout);
}

/** @param {number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** @param {number} value */
function ratio(value) {
  return `${value.toFixed(2)} ×`;
}
