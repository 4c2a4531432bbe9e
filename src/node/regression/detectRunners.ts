import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { EMITTERS, emitterOf } from '../../core/regression/emitters/registry.ts';
import type { RunnerId } from '../../core/regression/fixture.ts';
import { field, tryParse } from '../../core/util/json.ts';
import type { AgentReference, RunnerChoice } from '../../protocol/webviewApi.ts';
import { readText } from './findPrograms.ts';
import { JEST_CONFIGURATIONS, jestFileName, jestModules } from './jestModules.ts';
import { runnerCommand } from './runners.ts';
import { isFolder, walkWorkspace } from './walkWorkspace.ts';

/**
 * The runners that a test could be written for, best first: usable ones before others, of those the ones that can import
 * one of the agents, and of those the ones that the workspace shows signs of. `slug` becomes the name of the file; a name that
 * is taken gets a number.
 */
export async function detectRunners(
  workspaceFolder: string,
  slug: string,
  agents: readonly AgentReference[] = [],
): Promise<RunnerChoice[]> {
  const folder = await testsFolder(workspaceFolder);
  const signs = await signsOf(workspaceFolder);
  const modules = await jestModules(workspaceFolder);
  const choices = await Promise.all(
    EMITTERS.map(async ({ id }) => {
      const command = await runnerCommand(id, workspaceFolder);
      const sign = signs[id];
      const why = [
        ...(sign === undefined ? [] : [`${sign}.`]),
        command.ok ? `${capital(command.value.words)}.` : command.error,
      ].join(' ');
      const nameOf = (free: string) => {
        const name = emitterOf(id).fileNameOf(free);
        return id === 'jest'
          ? jestFileName(name, modules, agents.find(({ path }) => !path.endsWith('.py'))?.path)
          : name;
      };
      const fileName = await freeName(workspaceFolder, folder, slug, nameOf);
      const imports = agents.length === 0 || agents.some(({ path }) => path.endsWith('.py') === (id === 'pytest'));
      const weight = (command.ok ? 4 : 0) + (imports ? 2 : 0) + (sign === undefined ? 0 : 1);
      return { weight, choice: { id, available: command.ok, why, folder, fileName } };
    }),
  );
  return choices.sort((a, b) => b.weight - a.weight).map(({ choice }) => choice);
}

/** What in the workspace speaks for a runner, without the full stop. */
async function signsOf(workspaceFolder: string): Promise<Partial<Record<RunnerId, string>>> {
  const manifest = tryParse((await readText(join(workspaceFolder, 'package.json'))) ?? '');
  const scripts = JSON.stringify(field(manifest, 'scripts') ?? {});
  const needs = (name: string) =>
    ['dependencies', 'devDependencies'].some((list) => field(field(manifest, list), name) !== undefined);
  const project = (await readText(join(workspaceFolder, 'pyproject.toml'))) ?? '';
  const pytestFile = await firstOf(workspaceFolder, ['pytest.ini', 'conftest.py', 'tests/conftest.py']);
  const jestFile = await firstOf(workspaceFolder, JEST_CONFIGURATIONS);
  const jest =
    needs('jest') || /\bjest\b/.test(scripts)
      ? 'package.json names jest'
      : jestFile === undefined
        ? undefined
        : `There is a ${jestFile}`;
  const vitest = needs('vitest') || /\bvitest\b/.test(scripts) ? 'package.json names vitest' : undefined;
  const pytest = /^\[tool\.pytest/m.test(project)
    ? 'pyproject.toml sets pytest up'
    : pytestFile !== undefined
      ? `There is a ${pytestFile}`
      : await existingPythonTest(workspaceFolder);
  return {
    ...(vitest !== undefined && { vitest }),
    ...(jest !== undefined && { jest }),
    ...(pytest !== undefined && { pytest }),
    ...(/node (?:\S+ )*--test/.test(scripts) && { 'node-test': 'package.json runs node --test' }),
  };
}

async function firstOf(workspaceFolder: string, paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await exists(join(workspaceFolder, path))) return path;
  return undefined;
}

async function existingPythonTest(workspaceFolder: string): Promise<string | undefined> {
  for await (const path of walkWorkspace(workspaceFolder, (name) => /^test_.*\.py$/.test(name))) {
    return `There is a ${path}`;
  }
  return undefined;
}

/** Where tests lie already, else `tests`. */
async function testsFolder(workspaceFolder: string): Promise<string> {
  for (const name of ['tests', 'test', '__tests__']) if (await isFolder(join(workspaceFolder, name))) return name;
  return 'tests';
}

async function freeName(
  workspaceFolder: string,
  folder: string,
  slug: string,
  nameOf: (slug: string) => string,
): Promise<string> {
  for (let n = 1; n < 100; n++) {
    const name = nameOf(n === 1 ? slug : `${slug}-${n}`);
    const all = [name, `${stemOf(name)}.fixture.json`, `${stemOf(name)}.proof.json`];
    const taken = await Promise.all(all.map((one) => exists(join(workspaceFolder, folder, one))));
    if (!taken.includes(true)) return name;
  }
  return nameOf(slug);
}

/** The name that a test's fixture and proof share with it: `cancel` of `cancel.test.js`. */
export function stemOf(fileName: string): string {
  return fileName.replace(/(?:\.(?:test|spec))?\.[a-z]+$/i, '');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
