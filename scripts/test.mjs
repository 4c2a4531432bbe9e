// `npm test`: installs what is missing and runs everything. The last line counts all kinds of tests together.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium, findPytest, provide } from './support/debian.mjs';
import { runFuzz } from './support/fuzz.mjs';
import { installLibraries, installPackages } from './support/install.mjs';
import { root } from './support/root.mjs';
import { elapsed, run } from './support/run.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

const results = join(root, 'test-results');
const ci = Boolean(process.env.CI);

await installPackages();
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const lines = [];

await provide('pytest', 'python3-pytest', findPytest);
if (findPytest() === undefined)
  missing('Python with pytest is not installed, so generated pytest tests are not run with it');

// Before the types: those of the tests with libraries stand there.
const hasLibraries = await installLibraries().then(yes, no);
for (const project of ['src/core', 'src/webview', '.']) {
  await part(`types of ${project}`, () => check('tsc', ['-p', project]));
}
await part('lint', () => check('biome', ['check', '.']));
await part('unit and integration', () => vitest('unit', []));
if (hasLibraries) {
  await part('libraries', () => vitest('libraries', ['--config', 'vitest.libraries.config.ts']));
} else {
  missing('The libraries of test/libraries can not be installed, so recipes are not run with them');
}
// The same seed every time, so that a red run is a change of ours. `npm run fuzz` goes on with others.
await part('fuzz', () => runFuzz({ seed: 1, minutes: 0.75 }));

await provide('chromium', 'chromium', findChromium);
if (findChromium() === undefined) {
  missing('Chromium is not installed, so the end-to-end tests in the real VS Code are not run');
} else {
  await part('end to end', () => vitest('e2e', ['--config', 'vitest.e2e.config.ts']));
}

console.log(`\n${lines.join('\n')}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 ? 1 : 0);

/**
 * Runs one part and adds what it counted.
 * @param {string} name
 * @param {() => Promise<Counts>} work
 */
async function part(name, work) {
  console.log(`\n--- ${name}`);
  const start = performance.now();
  const { passed, failed, skipped } = await work();
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  lines.push(`${name}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${elapsed(start)}`);
}

/**
 * A part that can't run here: skipped with a sentence on a person's machine, a failure under CI.
 * @param {string} sentence Without its full stop.
 */
function missing(sentence) {
  if (ci) total.failed++;
  else total.skipped++;
  lines.push(`${ci ? 'FAILED' : 'Skipped'}: ${sentence}.`);
}

/**
 * A tool that passes or fails as a whole counts as one test.
 * @param {string} tool
 * @param {string[]} args
 * @returns {Promise<Counts>}
 */
async function check(tool, args) {
  const code = await run(bin(tool), args);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

/**
 * @param {string} name
 * @param {string[]} args
 * @returns {Promise<Counts>}
 */
async function vitest(name, args) {
  const report = join(results, `${name}.json`);
  const code = await run(bin('vitest'), [
    'run',
    ...args,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  if (!existsSync(report)) {
    console.error(`vitest ended with exit code ${code} before it could report.`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(report, 'utf8'));
  // A file that can't be loaded fails the run without a failed test in it.
  const failed = code !== 0 && numFailedTests === 0 ? 1 : numFailedTests;
  return { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests };
}

function yes() {
  return true;
}

/** @param {unknown} thrown */
function no(thrown) {
  console.error(thrown instanceof Error ? thrown.message : thrown);
  return false;
}

/** @param {string} name */
function bin(name) {
  return join(root, 'node_modules', '.bin', name);
}
