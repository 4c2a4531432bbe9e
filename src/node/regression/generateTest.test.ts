import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type OpenTrace, openTrace } from '../../core/formats/openTrace.ts';
import type { RunnerId } from '../../core/regression/fixture.ts';
import type { TestOutcome, TestRequest } from '../../protocol/webviewApi.ts';
import { openFileSource } from '../fileSource.ts';
import { draftTest } from './draftTest.ts';
import { generateTest } from './generateTest.ts';
import { runnerCommand } from './runners.ts';
import { runProgram } from './runProgram.ts';

// The real runners, on the sample traces and agents, in workspaces inside the project so that its vitest is found.
const root = resolve(import.meta.dirname, '../../..');
const samples = join(root, 'samples');
const ORDERS = 'cancel-duplicate-order.trace.json';
const PLAN = 'upgrade-plan-done.trace.json';
const python = await runnerCommand('pytest', root);

/** Long enough for four starts of a runner on a busy machine. */
const LONG = 180_000;

const opened: { folder: string; trace: OpenTrace }[] = [];
beforeAll(() => mkdir(join(root, '.cache'), { recursive: true }));
afterEach(async () => {
  for (const { folder, trace } of opened.splice(0)) {
    await trace.close();
    await rm(folder, { recursive: true, force: true });
  }
});

/** A copy of the sample workspace with one trace opened. `change` may edit the trace's text first. */
async function workspace(file: string, change: (text: string) => string = (text) => text) {
  const folder = await mkdtemp(join(root, '.cache', 'workspace-'));
  await cp(join(samples, 'agents'), join(folder, 'agents'), { recursive: true });
  await cp(join(samples, 'package.json'), join(folder, 'package.json'));
  await cp(join(samples, 'pyproject.toml'), join(folder, 'pyproject.toml'));
  await writeFile(join(folder, 'agents/orders.mjs'), ORDERS_AGENT);
  // Without one of its own, vitest takes the settings of the project around.
  await writeFile(join(folder, 'vitest.config.mjs'), 'export default {};\n');
  await mkdir(join(folder, 'traces'));
  const traceFile = join(folder, 'traces', file);
  await writeFile(traceFile, change(await readFile(join(samples, 'traces', file), 'utf8')));
  const result = await openTrace(await openFileSource(traceFile));
  if (!result.ok) throw new Error(result.decline.sentence);
  opened.push({ folder, trace: result.value });
  const [run] = result.value.trace.runs;
  if (run === undefined) throw new Error('The sample has no run.');
  return { folder, traceFile, trace: result.value, run: run.id };
}

type Workspace = Awaited<ReturnType<typeof workspace>>;

const RUNNERS = ['node-test', 'vitest', 'jest', 'pytest'] as const;
const FILES: Record<RunnerId, string> = {
  'node-test': 'orders.test.mjs',
  vitest: 'orders.test.js',
  jest: 'orders.test.js',
  pytest: 'test_orders.py',
};

const cancelRight = {
  kind: 'edit',
  tool: 'cancel_order',
  arguments: { order_id: 'A-1042', reason: 'duplicate' },
} as const;

function ordersRequest(at: Workspace, runner: RunnerId, more: Partial<TestRequest> = {}): TestRequest {
  return {
    run: at.run,
    step: 4,
    runner,
    mode: 'trace-check',
    correction: cancelRight,
    title: 'cancels the duplicate order, not the newest one',
    fileName: FILES[runner],
    folder: 'tests',
    ...more,
  };
}

function planRequest(at: Workspace, more: Partial<TestRequest> = {}): TestRequest {
  return {
    run: at.run,
    step: 4,
    runner: 'pytest',
    mode: 'replay',
    correction: { kind: 'require', tool: 'change_plan', arguments: { customer_id: 'C-2090', plan: 'Pro' } },
    agent: { path: 'agents/help_desk.py', name: 'agent' },
    title: 'changes the plan before it says so',
    fileName: 'test_plan.py',
    folder: 'tests',
    ...more,
  };
}

function generate(at: Workspace, request: TestRequest, more: { signal?: AbortSignal } = {}): Promise<TestOutcome> {
  const { trace, run, traceFile, folder } = at;
  return generateTest({ trace, run, step: request.step, request, workspaceFolder: folder, traceFile, ...more });
}

/** What a person gets who runs the written test. */
async function runTest(at: Workspace, runner: RunnerId, env: Record<string, string> = {}, file = FILES[runner]) {
  const command = await runnerCommand(runner, at.folder);
  if (!command.ok) throw new Error(command.error);
  const path = join(at.folder, 'tests', file);
  return runProgram(command.value.program, command.value.args(path), { folder: at.folder, env, timeout: LONG });
}

/** All files of the workspace that were not there before. */
async function written(at: Workspace): Promise<string[]> {
  const entries = await readdir(at.folder, { recursive: true, withFileTypes: true });
  return entries
    .filter(
      (entry) =>
        entry.isFile() && !/agents|traces|__pycache__|node_modules/.test(entry.parentPath.slice(at.folder.length)),
    )
    .map((entry) => join(entry.parentPath, entry.name).slice(at.folder.length + 1))
    .filter((path) => !/^(package\.json|pyproject\.toml|vitest\.config\.mjs)$/.test(path))
    .sort();
}

describe.each(RUNNERS)('a %s test', (runner) => {
  const it2 = runner === 'pytest' && !python.ok ? it.skip : it;

  it2('of a trace-check is proved, red on the recorded trace and green on a right one', { timeout: LONG }, async () => {
    const at = await workspace(ORDERS);
    const outcome = await generate(at, ordersRequest(at, runner));
    expect(outcome).toMatchObject({ status: 'written', proof: { proved: true } });
    expect(outcome.status === 'written' && outcome.proof.runs.map((run) => `${run.agent} ${run.actual}`)).toEqual([
      'recorded red',
      'corrected green',
      'undone red',
      'mutated green',
    ]);
    expect(outcome.status === 'written' && outcome.proof.mutations).toEqual([
      'without calling cancel_order',
      'cancel_order with another order_id',
      'cancel_order as it must not be called',
    ]);
    const stem = FILES[runner].replace(/(\.test)?\.\w+$/, '');
    const helper = runner === 'pytest' ? 'hindstep_replay.py' : 'hindstep-replay.mjs';
    expect(await written(at)).toEqual(
      [`tests/${FILES[runner]}`, `tests/${stem}.fixture.json`, `tests/${stem}.proof.json`, `tests/${helper}`].sort(),
    );
    const red = await runTest(at, runner);
    expect(red.exitCode).toBe(1);
    expect(red.output).toContain('hindstep: must call cancel_order with order_id A-1042');
    const right = join(at.folder, 'traces/right.json');
    await writeFile(right, (await readFile(at.traceFile, 'utf8')).replaceAll('A-1050', 'A-1042'));
    expect((await runTest(at, runner, { HINDSTEP_TRACE: right })).exitCode).toBe(0);
  });
});

describe('with an agent', () => {
  const AGENTS: [RunnerId, string][] = [
    ['node-test', 'agents/orders.mjs'],
    ['vitest', 'agents/orders.ts'],
    ['jest', 'agents/orders.mjs'],
  ];
  const cases = AGENTS.flatMap(([runner, path]) =>
    (['decision-point', 'replay'] as const).map((mode) => [runner, mode, path] as const),
  );

  it.each(cases)('%s proves a %s test, red for the bug and green for the fix', { timeout: LONG }, async (...args) => {
    const [runner, mode, path] = args;
    const at = await workspace(ORDERS);
    const outcome = await generate(at, ordersRequest(at, runner, { mode, agent: { path, name: 'agent' } }));
    expect(outcome, JSON.stringify(outcome)).toMatchObject({ status: 'written' });
    if (outcome.status !== 'written') return;
    expect(outcome.proof.runs.at(-1)).toMatchObject({ agent: 'adapter', expected: 'red', actual: 'red' });
    expect(outcome.proof.sentence).toContain('it still has the bug');
    expect((await runTest(at, runner)).exitCode).toBe(1);
    const undo = await fix(join(at.folder, path), /return orders\.at\(-1\);/, /\/\/ (return orders\.find)/);
    const green = await runTest(at, runner);
    expect(green.output).not.toContain('hindstep: ');
    expect(green.exitCode).toBe(0);
    await undo();
    expect((await runTest(at, runner)).output).toContain('hindstep: must call cancel_order with order_id A-1042');
  });

  const itPython = python.ok ? it : it.skip;
  itPython.each(['decision-point', 'replay'] as const)(
    'pytest proves a %s test of a claim that was not true',
    { timeout: LONG },
    async (mode) => {
      const at = await workspace(PLAN);
      const outcome = await generate(at, planRequest(at, { mode }));
      expect(outcome).toMatchObject({
        status: 'written',
        command: expect.stringContaining('-m pytest tests/test_plan.py'),
      });
      expect((await runTest(at, 'pytest', {}, 'test_plan.py')).exitCode).toBe(1);
      const undo = await fix(
        join(at.folder, 'agents/help_desk.py'),
        /return plan\["plan"\] != plan\["plan"\]/,
        /# (return customer)/,
      );
      const green = await runTest(at, 'pytest', {}, 'test_plan.py');
      expect(green.output).toContain('1 passed');
      await undo();
      expect((await runTest(at, 'pytest', {}, 'test_plan.py')).output).toContain('hindstep: must call change_plan');
    },
  );

  itPython('writes no secret of the trace into any file', { timeout: LONG }, async () => {
    const at = await workspace(PLAN, (text) =>
      text.replace('\\"plan\\": \\"Basic\\"', '\\"api_key\\": \\"k-Zx81-secret\\", \\"plan\\": \\"Basic\\"'),
    );
    expect(await generate(at, planRequest(at))).toMatchObject({ status: 'written' });
    const texts = await Promise.all((await written(at)).map((path) => readFile(join(at.folder, path), 'utf8')));
    expect(texts.join('\n')).toContain('<EMAIL_1>');
    for (const text of texts) expect(text).not.toMatch(/tomas@desk-sample|k-Zx81-secret/);
  });
});

describe('what can not be proved', () => {
  it('is not written: a correction that is what was recorded', { timeout: LONG }, async () => {
    const at = await workspace(ORDERS);
    const same = { order_id: 'A-1050', reason: 'duplicate' };
    const request = ordersRequest(at, 'node-test', {
      correction: { kind: 'edit', tool: 'cancel_order', arguments: same },
    });
    const outcome = await generate(at, request);
    expect(outcome).toMatchObject({
      status: 'not-proved',
      proof: { proved: false, runs: [{ actual: 'green' }, {}, {}] },
    });
    expect(outcome.status === 'not-proved' && outcome.proof.sentence).toContain('green on the recorded run');
    expect(await readdir(at.folder)).toEqual([
      'agents',
      'package.json',
      'pyproject.toml',
      'traces',
      'vitest.config.mjs',
    ]);
  });

  it('is not written: a folder that the runner leaves out, with advice', { timeout: LONG }, async () => {
    const at = await workspace(ORDERS);
    await writeFile(join(at.folder, 'vitest.config.mjs'), "export default { test: { include: ['src/**'] } };");
    const outcome = await generate(at, ordersRequest(at, 'vitest'));
    expect(outcome.status === 'not-proved' && outcome.proof.sentence).toContain('`include` or `testMatch` setting');
    expect(await written(at)).toEqual([]);
  });

  it('is not written: an agent that can not be imported', { timeout: LONG }, async () => {
    const at = await workspace(ORDERS);
    await writeFile(join(at.folder, 'agents/broken.mjs'), 'export const agent = ;');
    const agent = { path: 'agents/broken.mjs', name: 'agent' };
    const outcome = await generate(at, ordersRequest(at, 'node-test', { mode: 'replay', agent }));
    expect(outcome).toMatchObject({ status: 'not-proved', proof: { runs: [{ actual: 'error' }] } });
    expect(await written(at)).toEqual([]);
  });

  it('leaves nothing when it is cancelled', { timeout: LONG }, async () => {
    const at = await workspace(ORDERS);
    const controller = new AbortController();
    const { trace, run, traceFile, folder } = at;
    const request = ordersRequest(at, 'vitest');
    const onProgress = (line: string) => {
      if (line.startsWith('Running')) setTimeout(() => controller.abort(), 50);
    };
    const outcome = await generateTest({
      ...{ trace, run, step: 4, request, traceFile, workspaceFolder: folder, onProgress },
      signal: controller.signal,
    });
    expect(outcome).toEqual({ status: 'failed', reason: 'Cancelled. Nothing was written.' });
    expect(await readdir(folder)).toEqual(['agents', 'package.json', 'pyproject.toml', 'traces', 'vitest.config.mjs']);
  });
});

describe('where tests go', () => {
  it.each(['orders.test.mjs', 'orders.fixture.json', 'orders.proof.json'])('never overwrites %s', async (name) => {
    const at = await workspace(ORDERS);
    await mkdir(join(at.folder, 'tests'));
    await writeFile(join(at.folder, 'tests', name), 'mine');
    const outcome = await generate(at, ordersRequest(at, 'node-test'));
    expect(outcome).toEqual({ status: 'exists', path: join(at.folder, 'tests', name) });
    expect(await readFile(join(at.folder, 'tests', name), 'utf8')).toBe('mine');
  });

  it('never touches a file that has the name of the helper and is none', async () => {
    const at = await workspace(ORDERS);
    await mkdir(join(at.folder, 'tests'));
    await writeFile(join(at.folder, 'tests/hindstep-replay.mjs'), 'mine');
    expect(await generate(at, ordersRequest(at, 'node-test'))).toMatchObject({ status: 'failed' });
    expect(await written(at)).toEqual(['tests/hindstep-replay.mjs']);
  });

  it('replaces an older helper and keeps others', { timeout: LONG }, async () => {
    const at = await workspace(ORDERS);
    await mkdir(join(at.folder, 'tests'));
    const helper = join(at.folder, 'tests/hindstep-replay.mjs');
    await writeFile(helper, '// hindstep-replay 0: old\n');
    expect(await generate(at, ordersRequest(at, 'node-test'))).toMatchObject({ status: 'written' });
    const ours = await readFile(helper, 'utf8');
    expect(ours).toContain('// hindstep-replay 2:');
    await writeFile(helper, `${ours}// My own change.\n`);
    expect(await generate(at, ordersRequest(at, 'node-test', { fileName: 'two.test.mjs' }))).toMatchObject({
      status: 'written',
    });
    expect(await readFile(helper, 'utf8')).toContain('My own change');
  });

  it.each([
    ['..', /no folder for tests/],
    ['', /no folder for tests/],
    ['../elsewhere', /no folder for tests/],
    ['/tmp', /no folder for tests/],
    ['outside/tests', /no folder for tests/],
  ])('refuses the folder %j', async (folder, reason) => {
    const at = await workspace(ORDERS);
    await symlink('/tmp', join(at.folder, 'outside'));
    const outcome = await generate(at, ordersRequest(at, 'node-test', { folder }));
    expect(outcome).toEqual({ status: 'failed', reason: expect.stringMatching(reason) });
  });

  it.each([
    { fileName: '../orders.test.mjs' },
    { fileName: 'orders.py' },
    { fileName: '.test.mjs' },
    { mode: 'replay' as const },
    { mode: 'replay' as const, agent: { path: '../../package.json', name: 'agent' } },
    { mode: 'replay' as const, agent: { path: 'agents/orders.mjs', name: 'a; process.exit()' } },
    { mode: 'replay' as const, agent: { path: 'agents/help_desk.py', name: 'agent' } },
    { correction: { kind: 'forbid' as const, tool: 'list_orders', arguments: {} } },
  ])('refuses %j', async (more) => {
    const at = await workspace(ORDERS);
    expect(await generate(at, ordersRequest(at, 'node-test', more))).toMatchObject({ status: 'failed' });
    expect(await written(at)).toEqual([]);
  });
});

describe('draftTest', () => {
  it('suggests the call that the evidence speaks for, then to forbid', async () => {
    const at = await workspace(ORDERS);
    const draft = await draftTest({ trace: at.trace, run: at.run, step: 4, workspaceFolder: at.folder });
    expect(draft.title).toBe('calls cancel_order with order_id A-1042');
    expect(draft.calls).toEqual([{ tool: 'cancel_order', arguments: { order_id: 'A-1050', reason: 'duplicate' } }]);
    expect(draft.corrections.map(({ correction }) => correction).slice(0, 3)).toEqual([
      cancelRight,
      { kind: 'edit', tool: 'cancel_order', arguments: { order_id: 'A-1041', reason: 'duplicate' } },
      { kind: 'forbid', tool: 'cancel_order', arguments: { order_id: 'A-1050', reason: 'duplicate' } },
    ]);
    expect(draft.agents.map(({ path }) => path)).toEqual([
      'agents/orders.mjs',
      'agents/orders.py',
      'agents/orders.ts',
      'agents/help_desk.py',
      'agents/help_desk.ts',
      'agents/booking.py',
      'agents/booking.ts',
    ]);
    expect(draft.runners.map(({ id, available, folder, fileName }) => [id, available, folder, fileName])).toEqual([
      ['vitest', true, 'tests', 'cancel-order-a-1050.test.js'],
      // There are agents for both languages, and signs of both runners.
      ...(python.ok ? [['pytest', true, 'tests', 'test_cancel_order_a_1050.py']] : []),
      ['node-test', true, 'tests', 'cancel-order-a-1050.test.mjs'],
      ['jest', true, 'tests', 'cancel-order-a-1050.test.js'],
      ...(python.ok ? [] : [['pytest', false, 'tests', 'test_cancel_order_a_1050.py']]),
    ]);
    expect(draft.modes.every(({ available }) => available)).toBe(true);
    expect(draft.redactions).toEqual([{ rule: 'email', placeholder: '<EMAIL_1>' }]);
  });

  it('suggests the tool that would have made a claim true, with what the run knows', async () => {
    const at = await workspace(PLAN);
    const target = { trace: at.trace, run: at.run, step: 4, workspaceFolder: at.folder };
    const both = await draftTest(target);
    expect(both.runners[0]?.id).toBe('vitest');
    expect(both.message).toContain("Done! I've upgraded your account");
    expect(both.corrections.map(({ correction }) => correction)).toEqual([
      { kind: 'require', tool: 'change_plan', arguments: { customer_id: 'C-2090', plan: 'Pro' } },
      { kind: 'require', tool: 'send_receipt', arguments: { customer_id: 'C-2090' } },
      { kind: 'mustNotClaim', claim: "I've upgraded your account to the Pro plan for 19 EUR a month" },
    ]);
    await rm(join(at.folder, 'agents/help_desk.ts'));
    const draft = await draftTest(target);
    expect(draft.agents[0]?.path).toBe('agents/help_desk.py');
    // Only pytest can import it.
    if (python.ok) expect(draft.runners[0]?.id).toBe('pytest');
  });

  it('says why no test is made of what the user said', async () => {
    const at = await workspace(ORDERS);
    const draft = await draftTest({ trace: at.trace, run: at.run, step: 1, workspaceFolder: at.folder });
    expect(draft.impossible).toContain('said by the user');
  });
});

/** Mends an agent; what it answers puts the bug back. */
async function fix(path: string, bug: RegExp, fixed: RegExp): Promise<() => Promise<void>> {
  const text = await readFile(path, 'utf8');
  const mended = text.replace(bug, '').replace(fixed, '$1');
  expect(mended).not.toBe(text);
  await writeFile(path, mended);
  return () => writeFile(path, text);
}

/** The sample's agent without types, for a Node.js that can't load TypeScript. */
const ORDERS_AGENT = `
function findDuplicate(orders) {
  return orders.at(-1);
  // return orders.find((o, i) => orders.slice(0, i).some((e) => JSON.stringify(e.items) === JSON.stringify(o.items)));
}
function known(messages, tool) {
  const call = messages.flatMap((m) => m.toolCalls ?? []).find((made) => made.name === tool);
  const answer = messages.find((m) => call && m.toolCallId === call.id);
  return answer && JSON.parse(answer.content);
}
export async function agent({ messages, callTool }) {
  const said = messages.find((m) => m.role === 'user').content;
  const email = /<EMAIL_\\d+>/.exec(said)[0];
  const customer = known(messages, 'find_customer') ?? (await callTool('find_customer', { email }));
  const orders = known(messages, 'list_orders') ?? (await callTool('list_orders', { customer_id: customer.customer_id }));
  const { order_id } = findDuplicate(orders);
  await callTool('cancel_order', { order_id, reason: 'duplicate' });
  return 'Done';
}
`;

/** A folder on a disk of its own that takes so many bytes; undefined where this user can't have one. */
function disk(size: string): { folder: string; remount(options: string): void; remove(): void } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'hindstep-disk-'));
  const run = (...command: [string, ...string[]]) => spawnSync(command[0], command.slice(1)).status === 0;
  if (!run('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'none', folder)) {
    rmdirSync(folder);
    return undefined;
  }
  return {
    folder,
    remount: (options) => run('mount', '-o', `remount,${options}`, folder),
    remove: () => {
      run('umount', folder);
      rmdirSync(folder);
    },
  };
}

const probe = disk('64k');
probe?.remove();

describe.skipIf(probe === undefined)('on a disk that takes no more (skipped for users who can mount none)', () => {
  it.each([
    ['is full', '40k', 'There is no room left on the disk of tests'],
    ['is read-only', '1m', "tests can't be written to"],
  ])('says that it %s, and leaves nothing behind', { timeout: LONG }, async (state, size, sentence) => {
    const at = await workspace(ORDERS);
    const small = disk(size);
    if (small === undefined) throw new Error('The disk is gone.');
    try {
      if (state === 'is read-only') small.remount('ro');
      const outcome = await generate({ ...at, folder: small.folder }, ordersRequest(at, 'node-test'));
      expect(outcome).toEqual({ status: 'failed', reason: expect.stringContaining(sentence) });
      expect(await readdir(small.folder)).toEqual([]);
    } finally {
      small.remove();
    }
  });
});

it('writes two tests that are made at once, with one helper', { timeout: LONG }, async () => {
  const at = await workspace(ORDERS);
  const [one, two] = [ordersRequest(at, 'node-test'), ordersRequest(at, 'node-test', { fileName: 'other.test.mjs' })];
  const outcomes = await Promise.all([generate(at, one), generate(at, two)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['written', 'written']);
  expect(await written(at)).toEqual([
    'tests/hindstep-replay.mjs',
    'tests/orders.fixture.json',
    'tests/orders.proof.json',
    'tests/orders.test.mjs',
    'tests/other.fixture.json',
    'tests/other.proof.json',
    'tests/other.test.mjs',
  ]);
});

it('says which runner is missing, and leaves nothing behind', async () => {
  const at = await workspace(ORDERS);
  // Outside the project, where no vitest is found in a folder above.
  const folder = mkdtempSync(join(tmpdir(), 'hindstep-bare-'));
  try {
    const outcome = await generate({ ...at, folder }, ordersRequest(at, 'vitest'));
    expect(outcome).toEqual({ status: 'failed', reason: expect.stringContaining('vitest is not installed here') });
    expect(await readdir(folder)).toEqual([]);
  } finally {
    rmdirSync(folder);
  }
});
