import { resolve } from 'node:path';
import { redact } from '../../core/redact/redact.ts';
import type { Fixture } from '../../core/regression/fixture.ts';
import { ReplaySession } from '../../core/regression/replay/replaySession.ts';
import { VARIANTS, withVariants } from '../../core/regression/variants/all.ts';
import { harder } from '../../core/regression/variants/harder.ts';
import type { Json } from '../../core/util/json.ts';
import { err, ok, type Result } from '../../core/util/result.ts';
import { secretlintDetector } from '../../node/regression/secretDetector.ts';
import { overCommand, overHttp, overStdio } from '../../node/replay/mcp/mcpDrivers.ts';
import type { ServedCall } from '../../node/replay/mcp/replayMcp.ts';
import { readFixtureFile } from '../../node/replay/readFixtureFile.ts';
import { type Driver, replayRun } from '../../node/replay/replayRun.ts';
import { overTrace } from '../../node/replay/trace/traceDriver.ts';
import { writeWhole } from '../../node/writeWhole.ts';
import type { Arguments, Command, ExitCode, Output } from '../command.ts';
import { DRIVER_OPTIONS, driverFrom } from '../driverOptions.ts';
import { type JudgedReplay, type Sample, sampleLines, sampleOf } from '../sampling.ts';
import { wholeNumber } from '../wholeNumber.ts';

export const replay: Command = {
  name: 'replay',
  summary: 'Runs an agent against a fixture: its tools answer from the recording, and what it did is judged.',
  options: [
    ...DRIVER_OPTIONS,
    { name: 'mcp', words: 'the tools are an MCP server, over standard input and output' },
    {
      name: 'http',
      value: 'PORT',
      words: 'the tools are an MCP server over Streamable HTTP at this port (0: a free one)',
    },
    {
      name: 'trace',
      value: 'FILE',
      words: 'the command after -- leaves a trace here, in any format that is read; its tools are its own',
    },
    { name: 'variant', value: 'NAME', words: 'a harder run, see below' },
    { name: 'times', value: 'N', words: 'runs it so often, and says how often it holds' },
    { name: 'at-least', value: 'K', words: 'how many of --times must hold (default: all)' },
    { name: 'result', value: 'FILE', words: 'writes the calls and what is wrong with them to a new JSON file' },
  ],
  teaches: [
    'hindstep replay tests/cancel.fixture.json --agent agents/orders.ts:agent',
    'hindstep replay tests/cancel.fixture.json --endpoint http://127.0.0.1:11434/v1 --model qwen3 --times 10 --at-least 9',
    'hindstep replay tests/cancel.fixture.json --mcp                       an agent starts this as its MCP server',
    'hindstep replay tests/cancel.fixture.json -- my-agent --mcp {url} {goal}',
    'hindstep replay tests/cancel.fixture.json --trace run.json -- my-agent --out {trace} {goal}',
    'hindstep replay tests/cancel.fixture.json --http 8123                 until Ctrl+C',
    '',
    'After --, a command: it gets the address of the server and the goal in place of {url} and {goal}, and in',
    'HINDSTEP_MCP_URL and HINDSTEP_GOAL. What it prints is taken for its final answer. With --trace there is no server:',
    '{trace} and HINDSTEP_TRACE_FILE say where the trace goes, and the run in it is judged.',
    'Variants:',
    ...VARIANTS.map(({ id, summary }) => `  ${id.padEnd(14)}  ${summary}`),
    'Every call over MCP goes to standard error as one JSON line. But for --trace nothing is ever called live.',
    'Exit code: 0 it holds, 1 it does not, 2 could not judge.',
  ],
  run: async (args, output) => {
    const [path, ...more] = args.files;
    if (path === undefined || more.length > 0) return refuse(output, 'Name one fixture.');
    const read = await readFixtureFile(path);
    const fixture = read.ok ? inVariant(read.value, args.text('variant')) : read;
    if (!fixture.ok) return refuse(output, fixture.error);
    const driver = driverOf(args, fixture.value, output);
    if (!driver.ok) return refuse(output, driver.error);
    const often = howOften(args);
    if (!often.ok) return refuse(output, often.error);
    // Ctrl+C is how a person ends a server, and then the run is judged; all else it ends for good.
    const signal = isServer(args) ? new AbortController().signal : output.signal;
    const { times, atLeast } = often.value;
    const judged: JudgedReplay[] = [];
    for (let run = 1; run <= times; run++) {
      const result = await replayRun(fixture.value, new ReplaySession(fixture.value), driver.value, signal);
      if (result.status === 'unjudged') return refuse(output, result.sentence);
      judged.push(result);
      if (result.note !== undefined) output.error(result.note);
      if (times > 1) output.error(`Run ${run} of ${times} ${result.status === 'held' ? 'holds' : 'does not hold'}.`);
    }
    const [only] = judged;
    const result = args.text('times') === undefined && only !== undefined ? only : sampleOf(judged, atLeast);
    const file = args.text('result');
    if (file !== undefined) await writeWhole(file, [await resultText(result)]);
    return say(result, args, output);
  },
};

/** What an agent called and said in a run of its own may hold secrets that the fixture never had. */
async function resultText(result: object): Promise<string> {
  const { value } = await redact(JSON.parse(JSON.stringify(result)) as Json, secretlintDetector);
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** The fixture as a variant has it: its own, or one that is made of it now. */
function inVariant(fixture: Fixture, id: string | undefined): Result<Fixture> {
  if (id === undefined) return ok(fixture);
  if (fixture.variants?.some((one) => one.id === id)) return harder(fixture, id);
  // Whoever replays has an agent to run, whatever the fixture was made for.
  const varied = withVariants({ ...fixture, mode: 'replay' }, [id]);
  return varied.ok ? harder(varied.value, id) : varied;
}

/** A server ends when its client or the person ends it, everything else by itself. */
function isServer(args: Arguments): boolean {
  return args.flag('mcp') || args.text('http') !== undefined;
}

function driverOf(args: Arguments, fixture: Fixture, output: Output): Result<Driver> {
  const log = (call: ServedCall) => output.error(JSON.stringify(call));
  const [program, ...theirs] = args.command;
  const [port, trace] = [args.text('http'), args.text('trace')];
  const own = driverFrom(args, fixture);
  if (!own.ok) return own;
  const ways = [program !== undefined, port !== undefined, args.flag('mcp'), own.value !== undefined];
  if (ways.filter(Boolean).length !== 1) {
    return err('Choose one way to run the agent: --agent, --endpoint, --mcp, --http PORT, or a command after --.');
  }
  if (own.value !== undefined) return ok(own.value);
  if (program !== undefined) {
    if (trace !== undefined) return ok(overTrace(fixture, resolve(trace), [program, ...theirs]));
    return ok(overCommand(fixture, log, [program, ...theirs]));
  }
  const stopped = new Promise<void>((done) => output.signal.addEventListener('abort', () => done()));
  if (port === undefined) return ok(overStdio(fixture, log, stopped));
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) return err(`--http takes a port, and "${port}" is none.`);
  return ok(
    overHttp(fixture, log, Number(port), (url) => output.error(`Serving the recorded tools at ${url}`), stopped),
  );
}

function howOften(args: Arguments): Result<{ times: number; atLeast: number }> {
  if (args.text('trace') !== undefined && args.command.length === 0) {
    return err('--trace needs a command after --, which leaves the trace.');
  }
  const times = wholeNumber(args, 'times', 1);
  if (!times.ok) return times;
  if (times.value > 1 && isServer(args)) return err('--times needs a way of running that ends by itself.');
  const atLeast = wholeNumber(args, 'at-least', times.value);
  if (!atLeast.ok) return atLeast;
  if (atLeast.value > times.value) return err(`--at-least ${atLeast.value} is more than --times ${times.value}.`);
  return ok({ times: times.value, atLeast: atLeast.value });
}

function say(result: JudgedReplay | Sample, args: Arguments, output: Output): ExitCode {
  // Standard output belongs to the protocol where the client is at its other end.
  const out = args.flag('mcp') ? output.error : output.out;
  if (args.json) out(JSON.stringify(result));
  else for (const line of 'runs' in result ? sampleLines(result) : linesOf(result)) out(line);
  return result.status === 'held' ? 0 : 1;
}

function linesOf({ status, calls, problems }: JudgedReplay): string[] {
  const often = calls.length === 1 ? '1 call' : `${calls.length} calls`;
  if (status === 'held') return [`The run holds: ${often}, nothing wrong.`];
  return [`The run does not hold (${often}):`, ...problems.map((problem) => `  ${problem}`)];
}

function refuse(output: Output, sentence: string): ExitCode {
  output.error(sentence);
  return 2;
}
