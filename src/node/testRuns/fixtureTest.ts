import { readdir } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { Fixture, RunnerId } from '../../core/regression/fixture.ts';
import { asText, field, type Json, tryParse } from '../../core/util/json.ts';
import { err, ok, type Result } from '../../core/util/result.ts';
import { stemOf } from '../regression/detectRunners.ts';
import { readText } from '../regression/findPrograms.ts';
import { readFixtureFile } from '../replay/readFixtureFile.ts';
import { FIXTURE_ENDING } from './findFixtures.ts';

/** A fixture with the test that runs it. */
export interface FixtureTest {
  readonly fixtureFile: string;
  readonly fixture: Fixture;
  readonly testFile: string;
  readonly runner: RunnerId;
  /** Where the runner is started: where it was for the proof. */
  readonly workspaceFolder: string;
  /** Whether the helper beside it tells what came of the fixture; those of earlier versions don't. */
  readonly tells: boolean;
}

/** The test that stands beside a fixture; `root` is where it runs when its proof doesn't say. All paths are absolute. */
export async function fixtureTestOf(fixtureFile: string, root: string): Promise<Result<FixtureTest>> {
  const fixture = await readFixtureFile(fixtureFile);
  if (!fixture.ok) return fixture;
  const folder = dirname(fixtureFile);
  const stem = basename(fixtureFile, FIXTURE_ENDING);
  const proof = tryParse((await readText(join(folder, `${stem}.proof.json`))) ?? '') ?? null;
  const names = (await readdir(folder)).filter((name) => /\.(?:[cm]?[jt]s|py)$/.test(name) && stemOf(name) === stem);
  const command = asText(field(proof, 'command')) ?? '';
  const name = names.find((one) => endsWithFile(command, one)) ?? names[0];
  if (name === undefined) {
    return err(`There is no test beside ${fixtureFile}; make it again, or judge a trace with --trace.`);
  }
  const testFile = join(folder, name);
  const text = (await readText(testFile)) ?? '';
  const runner = runnerOf(name, text, proof);
  if (runner === undefined) return err(`${testFile} does not say which test runner it is for.`);
  const helper = await readText(join(folder, helperOf(name, text)));
  return ok({
    fixtureFile,
    fixture: fixture.value,
    testFile,
    runner,
    workspaceFolder: workspaceOf(testFile, command) ?? (isInside(testFile, root) ? root : folder),
    tells: helper?.includes('HINDSTEP_RESULTS') === true,
  });
}

function runnerOf(name: string, text: string, proof: Json): RunnerId | undefined {
  if (name.endsWith('.py')) return 'pytest';
  // The test's own words first: somebody may have moved it to another runner since it was proved.
  if (/['"]node:test['"]/.test(text)) return 'node-test';
  if (/['"]vitest['"]/.test(text)) return 'vitest';
  if (/['"]@jest\/globals['"]|@jest-environment/.test(text)) return 'jest';
  const proved = field(proof, 'runner');
  return (['node-test', 'vitest', 'jest'] as const).find((id) => id === proved);
}

function helperOf(name: string, text: string): string {
  if (name.endsWith('.py')) return 'hindstep_replay.py';
  return text.includes('hindstep-replay.cjs') ? 'hindstep-replay.cjs' : 'hindstep-replay.mjs';
}

/** The folder from which a proof's command names the test as it does. */
function workspaceOf(testFile: string, command: string): string | undefined {
  for (let folder = dirname(testFile); ; folder = dirname(folder)) {
    const shown = relative(folder, testFile).split(sep).join('/');
    if (command.endsWith(` ${shown}`) || command.endsWith(` "${shown}"`)) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

function endsWithFile(command: string, name: string): boolean {
  return [` ${name}`, `/${name}`, `/${name}"`, ` "${name}"`].some((end) => command.endsWith(end));
}

function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
