import { cli } from '../../src/cli/cli.ts';

export interface CliResult {
  readonly code: number;
  readonly lines: readonly string[];
  readonly errors: readonly string[];
}

/** Runs the command line in this process and collects what it says. */
export async function runCli(...argv: readonly string[]): Promise<CliResult> {
  const lines: string[] = [];
  const errors: string[] = [];
  const code = await cli(argv, '0.0.0-test', {
    out: (line) => lines.push(line),
    error: (line) => errors.push(line),
    signal: new AbortController().signal,
  });
  return { code, lines, errors };
}
