import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { transform } from 'esbuild';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { type OpenTrace, openTrace } from '../../core/formats/openTrace.ts';
import { openFileSource } from '../fileSource.ts';
import { draftTest } from './draftTest.ts';
import { generateTest } from './generateTest.ts';
import { runnerCommand } from './runners.ts';
import { runProgram } from './runProgram.ts';

// The real Jest in the workspaces that teams have: CommonJS, and TypeScript that a transform makes CommonJS or modules.
const root = resolve(import.meta.dirname, '../../..');
const samples = join(root, 'samples');
const LONG = 180_000;

const opened: { folder: string; trace: OpenTrace }[] = [];
beforeAll(() => mkdir(join(root, '.cache'), { recursive: true }));
afterEach(async () => {
  for (const { folder, trace } of opened.splice(0)) {
    await trace.close();
    await rm(folder, { recursive: true, force: true });
  }
});

/** A workspace's own transform, as ts-jest or babel would be one. */
const transformTo = (format: 'cjs' | 'esm') => `
const { transformSync } = require('esbuild');
const run = (text) => ({ code: transformSync(text, { loader: 'ts', format: '${format}', target: 'node20' }).code });
module.exports = { process: run, processAsync: async (text) => run(text) };
`;
/** The bug of the sample's agent, and its fix. */
const BUG = 'return orders.at(-1);';
const FIX = 'return orders.find((order, i) => orders.slice(0, i).some((earlier) => sameItems(earlier, order)));';

interface Workspace {
  readonly manifest: object;
  readonly files: Readonly<Record<string, string>>;
  readonly agent: string;
  readonly expected: { readonly file: string; readonly helper: string; readonly command: RegExp };
}

const WORKSPACES: Readonly<Record<string, Workspace>> = {
  CommonJS: {
    manifest: { devDependencies: { jest: '^30.0.0' } },
    files: {},
    agent: 'agents/orders.js',
    expected: { file: 'cancel.test.js', helper: 'hindstep-replay.cjs', command: /^npx jest tests\/cancel\.test\.js$/ },
  },
  'TypeScript that becomes CommonJS': {
    manifest: { scripts: { test: 'jest' } },
    files: {
      'jest.config.cjs': "module.exports = { transform: { '\\\\.ts$': './transform.cjs' } };",
      'transform.cjs': transformTo('cjs'),
    },
    agent: 'agents/orders.ts',
    expected: { file: 'cancel.test.js', helper: 'hindstep-replay.cjs', command: /^npx jest tests\/cancel\.test\.js$/ },
  },
  'TypeScript of type module that becomes CommonJS': {
    manifest: { type: 'module', scripts: { test: 'jest' } },
    files: {
      'jest.config.cjs': "module.exports = { transform: { '\\\\.ts$': './transform.cjs' } };",
      'transform.cjs': transformTo('cjs'),
    },
    agent: 'agents/orders.ts',
    expected: {
      file: 'cancel.test.cjs',
      helper: 'hindstep-replay.cjs',
      command: /^npx jest tests\/cancel\.test\.cjs$/,
    },
  },
  'TypeScript modules': {
    manifest: { type: 'module', scripts: { test: 'node --experimental-vm-modules node_modules/jest/bin/jest.js' } },
    files: {
      'jest.config.cjs':
        "module.exports = { transform: { '\\\\.ts$': './transform.cjs' }, extensionsToTreatAsEsm: ['.ts'] };",
      'transform.cjs': transformTo('esm'),
    },
    agent: 'agents/orders.ts',
    expected: { file: 'cancel.test.js', helper: 'hindstep-replay.mjs', command: /^node --experimental-vm-modules / },
  },
};

it.each(Object.entries(WORKSPACES))(
  '%s: drafted, proved, red for the bug and green for the fix',
  {
    timeout: LONG,
  },
  async (_name, { manifest, files, agent, expected }) => {
    const folder = await mkdtemp(join(root, '.cache', 'workspace-'));
    await cp(join(samples, 'traces/cancel-duplicate-order.trace.json'), join(folder, 'run.trace.json'));
    await mkdir(join(folder, 'agents'));
    const source = await readFile(join(samples, 'agents/orders.ts'), 'utf8');
    const text = agent.endsWith('.ts')
      ? source
      : `${(await transform(source, { loader: 'ts' })).code.replace('export async', 'async')}module.exports = { agent };\n`;
    expect(text).toContain(BUG);
    await writeFile(join(folder, agent), text);
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    const traceFile = join(folder, 'run.trace.json');
    const result = await openTrace(await openFileSource(traceFile));
    if (!result.ok) throw new Error(result.decline.sentence);
    const trace = result.value;
    opened.push({ folder, trace });
    const target = { trace, run: trace.trace.runs[0]?.id ?? '', step: 4, workspaceFolder: folder };

    const draft = await draftTest(target);
    expect(draft.agents).toEqual([{ path: agent, name: 'agent' }]);
    const [first] = draft.runners;
    expect(first).toMatchObject({ id: 'jest', available: true, folder: 'tests' });
    const fileName = first?.fileName.replace(/^[\w-]+/, 'cancel') ?? '';
    expect(fileName).toBe(expected.file);

    const correction = {
      kind: 'edit',
      tool: 'cancel_order',
      arguments: { order_id: 'A-1042', reason: 'duplicate' },
    } as const;
    const [mode, title] = ['replay', 'cancels the duplicate order'] as const;
    const request = {
      run: target.run,
      step: 4,
      runner: 'jest',
      mode,
      title,
      fileName,
      folder: 'tests',
      correction,
    } as const;
    const outcome = await generateTest({
      ...target,
      traceFile,
      request: { ...request, agent: { path: agent, name: 'agent' } },
    });
    expect(outcome, JSON.stringify(outcome)).toMatchObject({ status: 'written' });
    if (outcome.status !== 'written') return;
    expect(outcome.files).toContain(join(folder, 'tests', expected.helper));
    expect(outcome.command).toMatch(expected.command);
    expect(outcome.proof.runs.map((run) => `${run.agent} ${run.actual}`)).toEqual([
      'recorded red',
      'corrected green',
      'undone red',
      'mutated green',
      'adapter red',
    ]);

    await writeFile(join(folder, agent), text.replace(BUG, FIX));
    const command = await runnerCommand('jest', folder);
    if (!command.ok) throw new Error(command.error);
    const run = () =>
      runProgram(command.value.program, command.value.args(outcome.testFile), { folder, env: {}, timeout: LONG });
    const green = await run();
    expect(green.output).toContain('1 passed');
    await writeFile(join(folder, agent), text);
    expect((await run()).exitCode).toBe(1);
  },
);
