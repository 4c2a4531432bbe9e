import type { Fixture, RunnerId } from '../fixture.ts';

/** What a test is written from. */
export interface EmitInput {
  readonly fixture: Fixture;
  /** Name of the fixture's file, which stands beside the test. */
  readonly fixtureFile: string;
  /** The agent under test, its path relative to the test with `/`, and the name of the callable in it. */
  readonly agent?: { readonly importPath: string; readonly name: string };
  /** The trace that trace-check judges, relative to the test with `/`. */
  readonly traceFile?: string;
}

/** Writes tests for one runner. A new runner is one file here and one line in `registry.ts`. */
export interface Emitter {
  readonly id: RunnerId;
  /** Name of the helper that stands beside the tests, and its text. */
  readonly helperName: string;
  readonly helperSource: string;
  /** A name that the runner finds: `cancel-duplicate` gives `test_cancel_duplicate.py`. */
  fileNameOf(slug: string): string;
  /** The text of the test. Answers the same text for the same input. */
  emit(input: EmitInput): string;
}
