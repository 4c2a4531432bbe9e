import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { endAll } from '../atEnd.ts';
import { runProgram } from './runProgram.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hindstep-run-'));
});
afterAll(() => rm(folder, { recursive: true }));

const node = (script: string, more: { timeout?: number; signal?: AbortSignal; env?: Record<string, string> } = {}) =>
  runProgram(process.execPath, ['-e', script], { folder, env: {}, timeout: 20_000, ...more });

/** Starts a program of its own that writes its id and stays, as an agent's server would. */
const STAYS = `
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
  require('node:fs').writeFileSync('child', String(child.pid));
  console.log('started');`;

async function childIsGone(): Promise<boolean> {
  const pid = Number(await readFile(join(folder, 'child'), 'utf8'));
  for (let i = 0; i < 50; i++) {
    // A killed process that nobody has waited for yet still answers; its state tells.
    const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    if (state === '' || / [ZX] /.test(state)) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

it('answers the exit code and both streams', async () => {
  const finished = await node('console.log("out"); console.error("err"); process.exitCode = 3;');
  expect(finished).toMatchObject({ exitCode: 3 });
  expect(finished.output).toContain('out\n');
  expect(finished.output).toContain('err\n');
});

it('says why a program can not be started', async () => {
  const finished = await runProgram(join(folder, 'nothing'), [], { folder, env: {}, timeout: 1000 });
  expect(finished.exitCode).toBeUndefined();
  expect(finished.problem).toMatch(/can't be started/);
});

it('does not pass on that it runs in a test runner, and adds what it is told', async () => {
  const finished = await node('console.log(process.env.VITEST ?? "none", process.env.HINDSTEP_PROOF)', {
    env: { HINDSTEP_PROOF: 'recorded' },
  });
  expect(finished.output).toBe('none recorded\n');
});

it.skipIf(process.platform !== 'linux')('ends what the program left running', async () => {
  const finished = await node(`${STAYS} process.exit(0);`);
  expect(finished).toMatchObject({ exitCode: 0 });
  expect(await childIsGone()).toBe(true);
});

it.skipIf(process.platform !== 'linux')('ends the program and what it started when it takes too long', async () => {
  const finished = await node(`${STAYS} setInterval(() => {}, 1000);`, { timeout: 1500 });
  expect(finished).toMatchObject({ exitCode: undefined, problem: expect.stringContaining('did not end within') });
  expect(await childIsGone()).toBe(true);
});

it.skipIf(process.platform !== 'linux')('ends what left its process group and its session', async () => {
  const apart = STAYS.replace("stdio: 'inherit'", "stdio: 'ignore', detached: true");
  const finished = await node(`${apart} child.unref();`);
  expect(finished).toMatchObject({ exitCode: 0 });
  expect(await childIsGone()).toBe(true);
});

it.skipIf(process.platform !== 'linux')('ends the program when this process ends', async () => {
  await rm(join(folder, 'child'), { force: true });
  const running = node(`${STAYS} setInterval(() => {}, 1000);`);
  await vi.waitFor(() => readFile(join(folder, 'child'), 'utf8'), { timeout: 10_000 });
  endAll();
  expect((await running).problem).toBe('It was ended from outside.');
  expect(await childIsGone()).toBe(true);
});

it('is cancelled by its signal, also before it starts', async () => {
  const controller = new AbortController();
  const running = node('setInterval(() => {}, 1000)', { signal: controller.signal });
  setTimeout(() => controller.abort(), 100);
  expect((await running).problem).toBe('It was cancelled.');
  expect((await node('', { signal: controller.signal })).problem).toBe('It was cancelled.');
});
