import type { Fixture } from '../../../core/regression/fixture.ts';
import type { ReplaySession } from '../../../core/regression/replay/replaySession.ts';
import type { Json } from '../../../core/util/json.ts';
import { argumentsOf, callsOf, plain, textOf } from '../../regression/replayHelper/agent.ts';
import type { DrivenRun, Driver } from '../replayRun.ts';
import { AgentProcess, type FromAgent } from './agentProcess.ts';
import type { AgentFile } from './agentReference.ts';

/** An agent that only ever answers tool calls is ended after so many. */
const MOST_TURNS = 200;
/** How long an agent may take for a run, in ms. */
const LONGEST = 600_000;

/**
 * Runs a callable of a module, `agent({ goal, messages, tools, callTool })`, in a process of its own; in Python
 * `agent(goal, messages, tools, call_tool)`. It is what the helpers beside tests run, so the same agent does for both.
 */
export function overAgent(agent: AgentFile, { environment }: Pick<Fixture, 'environment'>, longest = LONGEST): Driver {
  return async (session, signal) => {
    const process = await AgentProcess.start(agent);
    try {
      return await turns(process, session, environment, signal, Date.now() + longest);
    } finally {
      await process.end();
    }
  };
}

async function turns(
  process: AgentProcess,
  session: ReplaySession,
  environment: Fixture['environment'],
  signal: AbortSignal,
  deadline: number,
): Promise<DrivenRun> {
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const { goal, messages, tools } = session;
    process.send(plain({ kind: 'turn', goal, messages, tools, environment }));
    const said = await answerOf(process, session, signal, deadline);
    if (said === undefined) return { heard: true };
    if (said.kind === 'failed') return failed(said.sentence, session);
    const returned = callsOf(said.answer);
    for (const { tool, arguments: args } of returned) {
      if (!call(session, tool, args)) return { heard: true };
    }
    if (returned.length === 0 && !session.say(textOf(said.answer))) return { heard: true };
  }
  return { heard: true, note: `The agent was ended after ${MOST_TURNS} turns.` };
}

/** Answers its calls until it has answered itself; undefined when it left the recording, and is over. */
async function answerOf(
  process: AgentProcess,
  session: ReplaySession,
  signal: AbortSignal,
  deadline: number,
): Promise<Exclude<FromAgent, { kind: 'call' }> | undefined> {
  for (;;) {
    const message = await process.next(signal, deadline);
    if (message.kind !== 'call') return message;
    const answer = call(session, message.tool, message.arguments);
    if (answer === undefined) return undefined;
    process.send({ kind: 'answer', call: message.call, observation: answer.observation });
  }
}

/** What a tool answers; undefined when the run has left the recording. */
function call(session: ReplaySession, tool: string, args: Json | undefined): { observation: Json } | undefined {
  const outcome = session.call(tool, argumentsOf(args));
  if (outcome.kind === 'answered') return { observation: outcome.observation };
  if (outcome.kind === 'live') session.endWithoutTool(outcome.call);
  return undefined;
}

/** An agent that did nothing could not be run; one that fails on its way has failed, and what it did is judged. */
function failed(sentence: string, session: ReplaySession): DrivenRun {
  if (session.calls.length === 0) throw new Error(sentence);
  return { heard: true, note: sentence };
}
