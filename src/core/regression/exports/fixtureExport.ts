import type { Json } from '../../util/json.ts';
import { err, ok, type Result } from '../../util/result.ts';
import { sentenceOf } from '../expectationWords.ts';
import type { ArgumentsMatcher, Expectation, Fixture } from '../fixture.ts';
import { isMatcher } from '../matchers.ts';

/** What an export comes to. */
export interface Exported {
  readonly value: Json;
  /** What the other format has no words for, so that it is not in there: one sentence each. */
  readonly left: readonly string[];
}

/** Writes a fixture for another tool. A new one is one file here and one line in `exports.ts`. */
export interface FixtureExport {
  readonly id: string;
  readonly name: string;
  /** The fixture is redacted. The error says why nothing of it can be said there. */
  write(fixture: Fixture): Result<Exported>;
}

/** The sentence for an expectation that an export leaves out. */
export function leftOut(name: string, expectation: Expectation, why = 'it has no words for it'): string {
  return `Not in ${name}, ${why}: that ${sentenceOf(expectation)}.`;
}

/** Arguments that are asked for exactly, as plain values; an error names one that is compared in another way. */
export function exactArguments(args: ArgumentsMatcher): Result<{ [name: string]: Json }> {
  const exact: [string, Json][] = [];
  for (const [name, matcher] of Object.entries(args)) {
    if (!isMatcher(matcher)) exact.push([name, matcher]);
    else if (matcher.$match === 'exact') exact.push([name, matcher.value]);
    else if (matcher.$match !== 'ignore') return err(name);
  }
  return ok(Object.fromEntries(exact));
}
