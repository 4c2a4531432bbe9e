import { readFile } from 'node:fs/promises';
import type { Fixture } from '../../core/regression/fixture.ts';
import { fixtureProblem } from '../../core/regression/fixtureProblem.ts';
import { err, messageOf, ok, type Result } from '../../core/util/result.ts';

/** Reads a fixture from a file. The error is a sentence that names the file. */
export async function readFixtureFile(path: string): Promise<Result<Fixture>> {
  let fixture: unknown;
  try {
    fixture = JSON.parse(await readFile(path, 'utf8'));
  } catch (thrown) {
    return err(`${path} can't be read: ${messageOf(thrown)}`);
  }
  const problem = fixtureProblem(fixture);
  // fixtureProblem has looked at all that is used.
  return problem === undefined ? ok(fixture as Fixture) : err(`${path}: ${problem}`);
}
