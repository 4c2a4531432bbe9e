import { join } from 'node:path';
import type { RunnerId } from '../../core/regression/fixture.ts';
import { err, ok, type Result } from '../../core/util/result.ts';
import { canRun, installedPackage, onPath } from './findPrograms.ts';
import { jestModules, moduleKindOf } from './jestModules.ts';
import { runProgram } from './runProgram.ts';

/** How a runner is started. */
export interface RunnerCommand {
  readonly program: string;
  readonly args: (...files: string[]) => string[];
  /** As a person types it in the workspace folder; `file` is relative to it. */
  readonly shown: (file: string) => string;
  /** Who runs, for the list of runners: `vitest 4.1.12`. */
  readonly words: string;
}

const NO_NODE = 'Node.js is not on the PATH. Install it, or start VS Code from a terminal that has it.';
const VM_MODULES = '--experimental-vm-modules';

/** The command of a runner in a workspace, or why there is none. */
export function runnerCommand(id: RunnerId, workspaceFolder: string): Promise<Result<RunnerCommand>> {
  return COMMANDS[id](workspaceFolder);
}

const COMMANDS: Readonly<Record<RunnerId, (workspaceFolder: string) => Promise<Result<RunnerCommand>>>> = {
  'node-test': async () => {
    const node = await nodeProgram();
    if (node === undefined) return err(NO_NODE);
    return ok({
      program: node,
      args: (...files) => ['--test', ...files],
      shown: (file) => `node --test ${quotedPath(file)}`,
      words: "Node's own test runner, which needs no install",
    });
  },
  vitest: async (workspaceFolder) => {
    const [folder, node] = [await installedPackage('vitest', workspaceFolder), await nodeProgram()];
    if (folder === undefined) return err('vitest is not installed here. Run: npm install --save-dev vitest');
    if (node === undefined) return err(NO_NODE);
    return ok({
      program: node,
      args: (...files) => [join(folder, 'vitest.mjs'), 'run', '--root', workspaceFolder, ...files],
      shown: (file) => `npx vitest run ${quotedPath(file)}`,
      words: 'vitest is installed',
    });
  },
  jest: async (workspaceFolder) => {
    const [folder, node] = [await installedPackage('jest', workspaceFolder), await nodeProgram()];
    if (folder === undefined) return err('jest is not installed here. Run: npm install --save-dev jest');
    if (node === undefined) return err(NO_NODE);
    const modules = await jestModules(workspaceFolder);
    const isEsm = (file: string) => moduleKindOf(file, modules) === 'esm';
    return ok({
      program: node,
      args: (...files) => [
        ...(files.some(isEsm) ? [VM_MODULES, '--no-warnings'] : []),
        join(folder, 'bin', 'jest.js'),
        ...['--rootDir', workspaceFolder, '--no-watchman', '--no-coverage'],
        // A file is named by a pattern, so that Jest's own settings must find it.
        ...files.map((file) => file.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')),
      ],
      shown: (file) =>
        isEsm(file)
          ? `node ${VM_MODULES} node_modules/jest/bin/jest.js ${quotedPath(file)}`
          : `npx jest ${quotedPath(file)}`,
      words: `jest is installed; here it runs ${modules.kind === 'esm' ? 'ECMAScript modules' : 'CommonJS'}`,
    });
  },
  pytest: async (workspaceFolder) => {
    for (const { program, shown } of await pythons(workspaceFolder)) {
      const probe = await runProgram(program, ['-c', 'import pytest; print(pytest.__version__)'], {
        folder: workspaceFolder,
        env: {},
        timeout: 20_000,
      });
      if (probe.exitCode !== 0) continue;
      return ok({
        program,
        args: (...files) => ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', ...files],
        shown: (file) => `${shown} -m pytest ${quotedPath(file)}`,
        words: `pytest ${probe.output.trim()} is installed for ${shown}`,
      });
    }
    return err('No Python here has pytest. Run: python3 -m pip install pytest');
  },
};

function nodeProgram(): Promise<string | undefined> {
  return onPath('node');
}

/** Interpreters, the workspace's own environment first. */
export async function pythons(workspaceFolder: string): Promise<{ program: string; shown: string }[]> {
  const bin = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python';
  const own = ['.venv', 'venv', 'env'].map((name) => ({
    path: join(workspaceFolder, name, bin),
    shown: `${name}/${bin}`,
  }));
  const found: { program: string; shown: string }[] = [];
  for (const { path, shown } of own) if (await canRun(path)) found.push({ program: path, shown });
  for (const name of ['python3', 'python']) {
    const program = await onPath(name);
    if (program !== undefined) found.push({ program, shown: name });
  }
  if (await canRun('/usr/bin/python3')) found.push({ program: '/usr/bin/python3', shown: '/usr/bin/python3' });
  return found;
}

function quotedPath(path: string): string {
  return /^[\w./@+-]+$/.test(path) ? path : `"${path.replace(/["\\$`]/g, '\\$&')}"`;
}
