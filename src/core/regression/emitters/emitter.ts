import type { Fixture, RunnerId } from '../fixture.ts';

/** How the modules of a JavaScript test load each other. */
export type ModuleKind = 'esm' | 'commonjs';

/** What a test is written from. */
export interface EmitInput {
  readonly fixture: Fixture;
  /** Name of the fixture's file, which stands beside the test. */
  readonly fixtureFile: string;
  /** The agent under test, its path relative to the test with `/`, and the name of the callable in it. */
  readonly agent?: { readonly importPath: string; readonly name: string };
  /** The trace that trace-check judges, relative to the test with `/`. */
  readonly traceFile?: string;
  /** For runners that know both (default: esm). */
  readonly modules?: ModuleKind;
}

/** The helper that stands beside tests: its name and its text. */
export interface HelperFile {
  readonly name: string;
  readonly source: string;
}

/** Writes tests for one runner. A new runner is one file here and one line in `registry.ts`. */
export interface Emitter {
  readonly id: RunnerId;
  helperFor(modules?: ModuleKind): HelperFile;
  /** A name that the runner finds: `cancel-duplicate` gives `test_cancel_duplicate.py`. */
  fileNameOf(slug: string): string;
  /** The text of the test. Answers the same text for the same input. */
  emit(input: EmitInput): string;
}
