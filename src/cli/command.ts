/** 0: what was asked holds. 1: it does not (a failing verdict, a test that could not be proved). 2: could not judge. */
export type ExitCode = 0 | 1 | 2;

/** Where a command writes; a test passes arrays. */
export interface Output {
  out(line: string): void;
  error(line: string): void;
  /** Aborts when the person presses Ctrl+C. */
  readonly signal: AbortSignal;
}

/** An option of a command. One that takes a `value` is repeatable only where its words say so. */
export interface Option {
  readonly name: string;
  /** Name of the value in the help; absent for a flag. */
  readonly value?: string;
  readonly words: string;
}

/** Parsed arguments of one command. */
export interface Arguments {
  readonly files: readonly string[];
  /** What stands after `--`: a command of the person's and its arguments. Empty when there is none. */
  readonly command: readonly string[];
  readonly json: boolean;
  text(option: string): string | undefined;
  flag(option: string): boolean;
}

/** One subcommand. A new one is one file and one line in `commands.ts`. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly Option[];
  /** Lines that teach: examples, the shape of the JSON, what the exit codes mean. */
  readonly teaches: readonly string[];
  /** True for a command that writes nothing with a secret in it, so that its output needs no mask. */
  readonly redacts?: true;
  run(args: Arguments, output: Output): Promise<ExitCode>;
}
