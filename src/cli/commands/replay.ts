import type { Fixture } from '../../core/regression/fixture.ts';
import { ReplaySession } from '../../core/regression/replay/replaySession.ts';
import { err, ok, type Result } from '../../core/util/result.ts';
import { overCommand, overHttp, overStdio } from '../../node/replay/mcp/mcpDrivers.ts';
import type { ServedCall } from '../../node/replay/mcp/replayMcp.ts';
import { readFixtureFile } from '../../node/replay/readFixtureFile.ts';
import { type Driver, type ReplayResult, replayRun } from '../../node/replay/replayRun.ts';
import { writeWhole } from '../../node/writeWhole.ts';
import type { Arguments, Command, ExitCode, Output } from '../command.ts';

export const replay: Command = {
  name: 'replay',
  summary: 'Runs an agent against a fixture: its tools answer from the recording, and what it did is judged.',
  options: [
    { name: 'mcp', words: 'the tools are an MCP server, over standard input and output' },
    {
      name: 'http',
      value: 'PORT',
      words: 'the tools are an MCP server over Streamable HTTP at this port (0: a free one)',
    },
    { name: 'result', value: 'FILE', words: 'writes the calls and what is wrong with them to a new JSON file' },
  ],
  teaches: [
    'hindstep replay tests/cancel.fixture.json --mcp                       an agent starts this as its MCP server',
    'hindstep replay tests/cancel.fixture.json -- my-agent --mcp {url} {goal}',
    'hindstep replay tests/cancel.fixture.json --http 8123                 until Ctrl+C',
    '',
    'After --, a command: it gets the address of the server and the goal in place of {url} and {goal}, and in',
    'HINDSTEP_MCP_URL and HINDSTEP_GOAL. What it prints is taken for its final answer.',
    'Every call goes to standard error as one JSON line. Nothing is ever called live.',
    'Exit code: 0 it holds, 1 it does not, 2 could not judge.',
  ],
  run: async (args, output) => {
    const [path, ...more] = args.files;
    if (path === undefined || more.length > 0) return refuse(output, 'Name one fixture.');
    const fixture = await readFixtureFile(path);
    if (!fixture.ok) return refuse(output, fixture.error);
    const session = new ReplaySession(fixture.value);
    const driver = driverOf(args, fixture.value, output);
    if (!driver.ok) return refuse(output, driver.error);
    // Ctrl+C is how a person ends a server, and then the run is judged; a command it ends for good.
    const signal = args.command.length > 0 ? output.signal : new AbortController().signal;
    const result = await replayRun(fixture.value, session, driver.value, signal);
    const file = args.text('result');
    if (file !== undefined) await writeWhole(file, [`${JSON.stringify(result, undefined, 2)}\n`]);
    return say(result, args, output);
  },
};

function driverOf(args: Arguments, fixture: Fixture, output: Output): Result<Driver> {
  const log = (call: ServedCall) => output.error(JSON.stringify(call));
  const [program, ...theirs] = args.command;
  const port = args.text('http');
  const ways = [program !== undefined, port !== undefined, args.flag('mcp')].filter(Boolean).length;
  if (ways !== 1) return err('Choose one way to run the agent: --mcp, --http PORT, or a command after --.');
  if (program !== undefined) return ok(overCommand(fixture, log, [program, ...theirs]));
  const stopped = new Promise<void>((resolve) => output.signal.addEventListener('abort', () => resolve()));
  if (port === undefined) return ok(overStdio(fixture, log, stopped));
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) return err(`--http takes a port, and "${port}" is none.`);
  return ok(
    overHttp(fixture, log, Number(port), (url) => output.error(`Serving the recorded tools at ${url}`), stopped),
  );
}

function say(result: ReplayResult, args: Arguments, output: Output): ExitCode {
  // Standard output belongs to the protocol where the client is at its other end.
  const out = args.flag('mcp') ? output.error : output.out;
  if (args.json) out(JSON.stringify(result));
  if (result.status === 'unjudged') {
    output.error(result.sentence);
    return 2;
  }
  if (result.note !== undefined) output.error(result.note);
  if (!args.json) {
    const calls = result.calls.length === 1 ? '1 call' : `${result.calls.length} calls`;
    out(result.status === 'held' ? `The run holds: ${calls}, nothing wrong.` : `The run does not hold (${calls}):`);
    for (const problem of result.problems) out(`  ${problem}`);
  }
  return result.status === 'held' ? 0 : 1;
}

function refuse(output: Output, sentence: string): ExitCode {
  output.error(sentence);
  return 2;
}
