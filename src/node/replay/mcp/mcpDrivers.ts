import type { Fixture } from '../../../core/regression/fixture.ts';
import { runProgram } from '../../regression/runProgram.ts';
import type { Driver } from '../replayRun.ts';
import type { ServedCall } from './replayMcp.ts';

// The agent's own client calls the tools; see replayMcp.ts for what serves them.

/** How long a command may run, in ms. */
const LONGEST = 600_000;

/** Serves over standard input and output: whoever started Hindstep is the client. Its last words are not heard. */
export function overStdio({ recording }: Fixture, log: (call: ServedCall) => void, stopped: Promise<void>): Driver {
  return async (session) => {
    const { replayOverStdio } = await import('./replayMcp.ts');
    await replayOverStdio(session, recording, log, stopped);
    return { heard: false };
  };
}

/** Serves over HTTP at a port until the person stops it. `onUrl` is told where. */
export function overHttp(
  { recording }: Fixture,
  log: (call: ServedCall) => void,
  port: number,
  onUrl: (url: string) => void,
  stopped: Promise<void>,
): Driver {
  return async (session) => {
    const { replayOverHttp } = await import('./replayMcp.ts');
    const served = await replayOverHttp(session, recording, log, port);
    onUrl(served.url);
    await stopped;
    await served.close();
    return { heard: false };
  };
}

/**
 * Runs a command that takes an MCP server's address: `{url}` and `{goal}` in its arguments are filled in, and stand in
 * HINDSTEP_MCP_URL and HINDSTEP_GOAL. What it prints is the agent's last word. The run ends with the command.
 */
export function overCommand(
  { recording, goal }: Fixture,
  log: (call: ServedCall) => void,
  [program, ...args]: readonly [string, ...string[]],
): Driver {
  return async (session, signal) => {
    const { replayOverHttp } = await import('./replayMcp.ts');
    const served = await replayOverHttp(session, recording, log, 0);
    try {
      const filled = args.map((argument) => argument.replaceAll('{url}', served.url).replaceAll('{goal}', goal));
      const { exitCode, output, stdout, problem } = await runProgram(program, filled, {
        folder: process.cwd(),
        env: { HINDSTEP_MCP_URL: served.url, HINDSTEP_GOAL: goal },
        timeout: LONGEST,
        signal,
      });
      if (problem !== undefined && session.calls.length === 0) throw new Error(`${program}: ${problem}`);
      const failed = exitCode === 0 ? undefined : (problem ?? `The command ended with exit code ${exitCode}.`);
      session.say(stdout.trim());
      return {
        heard: true,
        ...(failed !== undefined && { note: `${failed} It wrote: ${output.trim().slice(-1000)}` }),
      };
    } finally {
      await served.close();
    }
  };
}
