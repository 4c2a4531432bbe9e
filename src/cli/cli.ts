import { parseArgs } from 'node:util';
import { messageOf } from '../core/util/result.ts';
import type { Arguments, Command, ExitCode, Output } from './command.ts';
import { COMMANDS } from './commands.ts';
import { maskedOutput } from './maskedOutput.ts';

/** Runs the command line: `argv` without the interpreter and the script. Never throws. */
export async function cli(argv: readonly string[], version: string, output: Output): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === '--version' || name === '-v') {
    output.out(version);
    return 0;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    for (const line of generalHelp()) output.out(line);
    return name === undefined ? 2 : 0;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    output.error(
      `There is no command "${name}". There are: ${COMMANDS.map((c) => c.name).join(', ')}; try hindstep --help.`,
    );
    return 2;
  }
  const args = parse(command, rest);
  if (typeof args === 'string') {
    output.error(`${args} Try hindstep ${command.name} --help.`);
    return 2;
  }
  if (args.flag('help')) {
    for (const line of helpOf(command)) output.out(line);
    return 0;
  }
  try {
    return await command.run(
      args,
      args.flag('show-secrets') || command.redacts === true ? output : maskedOutput(output),
    );
  } catch (thrown) {
    output.error(messageOf(thrown));
    return 2;
  }
}

function parse(command: Command, argv: readonly string[]): Arguments | string {
  const options: Record<string, { type: 'string' | 'boolean'; short?: string }> = {
    json: { type: 'boolean' },
    'show-secrets': { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  };
  for (const option of command.options)
    options[option.name] = { type: option.value === undefined ? 'boolean' : 'string' };
  const end = argv.indexOf('--');
  const own = end < 0 ? argv : argv.slice(0, end);
  const theirs = end < 0 ? [] : argv.slice(end + 1);
  try {
    const { values, positionals } = parseArgs({ args: [...own], options, allowPositionals: true });
    const text = (name: string) => {
      const value = values[name];
      return typeof value === 'string' ? value : undefined;
    };
    return {
      files: positionals,
      command: theirs,
      json: values.json === true,
      text,
      flag: (name) => values[name] === true,
    };
  } catch (thrown) {
    return messageOf(thrown);
  }
}

function generalHelp(): string[] {
  const width = Math.max(...COMMANDS.map((command) => command.name.length));
  return [
    'hindstep: debugs the trajectories of AI agents. It reads trace files, finds the failing step, and makes a',
    'regression test that is proved: red on the bug, green on the fix. Nothing leaves this machine.',
    '',
    'usage: hindstep COMMAND FILE… [options]',
    '',
    ...COMMANDS.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    'The format is told by the content, never by the name. --json prints one JSON value a line.',
    'Exit codes: 0 it holds, 1 it does not, 2 could not judge.',
    'hindstep COMMAND --help shows examples.',
  ];
}

function helpOf(command: Command): string[] {
  const options = [
    ...command.options,
    { name: 'json', words: 'for programs: one JSON value a line' },
    ...(command.redacts === true ? [] : [{ name: 'show-secrets', words: 'credentials as they are, without a mask' }]),
    { name: 'help', words: 'this text' },
  ];
  const label = (option: { name: string; value?: string }) =>
    `--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`;
  const width = Math.max(...options.map((option) => label(option).length));
  return [
    `usage: hindstep ${command.name} FILE… [options]`,
    '',
    command.summary,
    '',
    ...options.map((option) => `  ${label(option).padEnd(width)}  ${option.words}`),
    '',
    ...command.teaches.map((line) => (line === '' ? '' : `  ${line}`)),
  ];
}
