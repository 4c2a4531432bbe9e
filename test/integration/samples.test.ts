import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunnerId } from '../../src/core/regression/fixture.ts';
import { field, tryParse } from '../../src/core/util/json.ts';
import { runnerCommand } from '../../src/node/regression/runners.ts';
import { runProgram } from '../../src/node/regression/runProgram.ts';
import type { TestOutcome } from '../../src/protocol/webviewApi.ts';
import { runCli } from '../support/runCli.ts';

// The sample workspace as its README tells it: each failing run becomes a test by the command line, in the real runner,
// red with the agent as it is, and green when its fix is put in as the comment beside the bug says.
const root = resolve(import.meta.dirname, '../..');
const python = await runnerCommand('pytest', root);

/** Long enough for eight starts of a runner on a busy machine. */
const LONG = 300_000;

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A copy of the samples inside the project, so that its runners are found. */
function workspace(): string {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, '.cache', 'samples-'));
  folders.push(folder);
  cpSync(join(root, 'samples'), folder, { recursive: true });
  return folder;
}

/** A failing run: its trace, its failing step, its agent, and the options that say how it should have gone. */
const RUNS = [
  {
    what: 'the wrong order is cancelled',
    trace: 'cancel-duplicate-order.trace.json',
    agent: 'orders',
    correction: ['--must-call', '{"tool": "cancel_order", "arguments": {"order_id": "A-1042"}}'],
    says: 'A-1050',
  },
  {
    what: 'a charge is repeated until it was made twice',
    trace: 'book-flight-timeout.trace.json',
    agent: 'booking',
    correction: ['--must-not-call'],
    says: 'must not repeat charge_card more than',
  },
  {
    what: 'a plan was "upgraded"',
    trace: 'upgrade-plan-done.trace.json',
    agent: 'help_desk',
    correction: ['--must-call', '{"tool": "change_plan", "arguments": {"customer_id": "C-2090", "plan": "Pro"}}'],
    says: 'must call change_plan',
  },
  {
    what: 'a claim must not be made',
    trace: 'upgrade-plan-done.trace.json',
    agent: 'help_desk',
    correction: ['--must-not-claim', "I've upgraded your account"],
    says: 'must not claim',
  },
] as const;

const LANGUAGES = [
  { runner: 'vitest', extension: 'ts', comment: '//' },
  { runner: 'pytest', extension: 'py', comment: '#' },
] as const;

/** Makes the test of a trace's most suspect step, and checks the proof. Answers the path of the test. */
async function generate(folder: string, runner: RunnerId, trace: string, agent: string, correction: readonly string[]) {
  const { code, lines, errors } = await runCli(
    ...['fixture', join(folder, 'traces', trace), '--workspace', folder],
    ...['--runner', runner, '--agent', `agents/${agent}:agent`, ...correction, '--json'],
  );
  expect([code, errors]).toEqual([0, []]);
  const outcome = tryParse(lines.at(-1) ?? '');
  const { proof, testFile } = outcome as unknown as Extract<TestOutcome, { status: 'written' }>;
  expect(field(outcome, 'status')).toBe('written');
  expect(proof.runs.map((run) => `${run.agent} ${run.actual}`)).toEqual([
    'recorded red',
    'corrected green',
    'undone red',
    'mutated green',
    'adapter red',
  ]);
  return testFile;
}

async function run(folder: string, runner: RunnerId, testFile: string) {
  const command = await runnerCommand(runner, folder);
  if (!command.ok) throw new Error(command.error);
  return runProgram(command.value.program, command.value.args(testFile), { folder, env: {}, timeout: LONG });
}

/** Does what the comment says: deletes the line above it and uncomments the one below. */
function applyFix(folder: string, agent: string, comment: string): void {
  change(folder, agent, (text) => {
    const lines = text.split('\n');
    const at = lines.findIndex(
      (line) => line.trim() === `${comment} The fix: delete the line above and uncomment the one below.`,
    );
    lines.splice(at - 1, 3, (lines[at + 1] ?? '').replace(`${comment} `, ''));
    return lines.join('\n');
  });
}

function change(folder: string, agent: string, how: (text: string) => string): void {
  const path = join(folder, 'agents', agent);
  const text = readFileSync(path, 'utf8');
  const changed = how(text);
  expect(changed).not.toBe(text);
  writeFileSync(path, changed);
}

describe.each(LANGUAGES)('the samples in $extension', ({ runner, extension, comment }) => {
  const skip = runner === 'pytest' && !python.ok;

  it.skipIf(skip).each(RUNS)('$what: red, and green with the fix', { timeout: LONG }, async (failed) => {
    const folder = workspace();
    const agent = `${failed.agent}.${extension}`;
    const testFile = await generate(folder, runner, failed.trace, agent, failed.correction);
    const red = await run(folder, runner, testFile);
    expect([red.exitCode, red.output]).toEqual([1, expect.stringContaining(failed.says)]);
    applyFix(folder, agent, comment);
    const green = await run(folder, runner, testFile);
    expect(green.exitCode, green.output).toBe(0);
  });

  it.skipIf(skip)('an order is cancelled unasked: red, and green when the agent asks', { timeout: LONG }, async () => {
    const folder = workspace();
    const agent = `orders.${extension}`;
    const trace = 'cancel-duplicate-order.trace.json';
    const testFile = await generate(folder, runner, trace, agent, ['--ask-first']);
    const red = await run(folder, runner, testFile);
    expect([red.exitCode, red.output]).toEqual([1, expect.stringContaining('must ask before it calls cancel_order')]);
    change(folder, agent, (text) =>
      text
        .replace(/return \{ call: 'cancel_order'.*/, "return { say: 'May I cancel it?' };")
        .replace(/return "call", "cancel_order".*/, 'return "say", "May I cancel it?"'),
    );
    const green = await run(folder, runner, testFile);
    expect(green.exitCode, green.output).toBe(0);
  });
});
