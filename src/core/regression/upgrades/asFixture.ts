import { isObject, type Json, type JsonObject } from '../../util/json.ts';
import { err, ok, type Result } from '../../util/result.ts';
import type { Fixture } from '../fixture.ts';
import { fixtureProblem } from '../fixtureProblem.ts';
import { from1To2 } from './from1To2.ts';

/** Each takes a fixture from its version to the next, in order; the first is for version 1. */
const STEPS: readonly ((fixture: JsonObject) => JsonObject)[] = [from1To2];

/**
 * What was read from a fixture's file as a fixture of this version, upgraded step by step. The error is a sentence: a newer
 * file is refused, as are those that somebody edited into nonsense.
 */
export function asFixture(read: Json | undefined): Result<Fixture> {
  let fixture = read;
  for (const [i, step] of STEPS.entries()) {
    if (isObject(fixture) && fixture.schemaVersion === i + 1) fixture = step(fixture);
  }
  const problem = fixtureProblem(fixture);
  // fixtureProblem has looked at all that is used.
  return problem === undefined ? ok(fixture as unknown as Fixture) : err(problem);
}
