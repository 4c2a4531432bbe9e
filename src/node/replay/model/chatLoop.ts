import type { FixtureTool } from '../../../core/regression/fixture.ts';
import type { ReplaySession } from '../../../core/regression/replay/replaySession.ts';
import { asArray, asFilledText, asText, at, field, isObject, type Json, tryParse } from '../../../core/util/json.ts';
import type { Endpoint } from '../../../protocol/modelEndpoint.ts';
import { exchangeJson } from '../../judgement/judge/httpJson.ts';
import type { DrivenRun } from '../replayRun.ts';
import { WireNames, wireMessage, wireTool } from './chatWire.ts';

// An entry of its own (dist/replayModel.cjs), loaded only when somebody replays with a model: what opens a socket is in no
// other bundle.

/** A model behind an OpenAI-compatible endpoint, and how long it may go on. */
export interface ModelToRun {
  readonly endpoint: Endpoint;
  readonly model: string;
  /** Sent to the endpoint as a bearer token, and nowhere else. */
  readonly key?: string;
  /** Answers of the model in one run. */
  readonly maxTurns: number;
}

/** For one answer, in ms: a local model can take minutes for its first one, while it is loaded. */
const PATIENCE = 180_000;

interface WireCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/**
 * The tool loop of an agent: the model is told the conversation and the tools, its calls are answered from the session,
 * several at once too, until it calls none. Temperature 0. Rejects with a sentence when the model can't be asked.
 */
export async function chatLoop(
  session: ReplaySession,
  tools: readonly FixtureTool[],
  run: ModelToRun,
  signal: AbortSignal,
): Promise<DrivenRun> {
  const names = new WireNames(tools.map(({ name }) => name));
  const messages: Json[] = session.messages.map((message) => wireMessage(message, names));
  const offered = tools.map((tool) => wireTool(tool, names));
  for (let turn = 0; turn < run.maxTurns; turn++) {
    const body = {
      model: run.model,
      messages: [...messages],
      ...(offered.length > 0 && { tools: offered }),
      temperature: 0,
      stream: false,
    };
    const { content, calls } = await ask(run, body, signal);
    if (calls.length === 0) {
      if (!session.say(content)) return { heard: true };
      messages.push({ role: 'assistant', content });
      messages.push(...session.messages.slice(-1).map((message) => wireMessage(message, names)));
      continue;
    }
    const made = calls.map((call) => ({
      id: call.id,
      type: 'function',
      function: { name: call.name, arguments: call.arguments },
    }));
    messages.push({ role: 'assistant', content, tool_calls: made });
    for (const call of calls) {
      const answer = answerTo(call, session, names);
      if (answer === undefined) return { heard: true };
      messages.push({ role: 'tool', tool_call_id: call.id, content: answer });
    }
  }
  return { heard: true, note: `The model was ended after ${run.maxTurns} turns.` };
}

/** What a call is answered; undefined when the run has left the recording. */
function answerTo({ name, arguments: text }: WireCall, session: ReplaySession, names: WireNames): string | undefined {
  const args = text.trim() === '' ? {} : tryParse(text);
  // It never was a call: an agent would tell the model, too.
  if (!isObject(args)) return 'Error: the arguments are no JSON object.';
  const outcome = session.call(names.recorded(name), args);
  if (outcome.kind === 'live') session.endWithoutTool(outcome.call);
  if (outcome.kind !== 'answered') return undefined;
  const { observation } = outcome;
  return typeof observation === 'string' ? observation : JSON.stringify(observation);
}

async function ask(
  { endpoint, key }: ModelToRun,
  body: Json,
  signal: AbortSignal,
): Promise<{ content: string; calls: WireCall[] }> {
  const { host } = new URL(endpoint.url);
  const sent = { path: 'chat/completions', body, timeout: PATIENCE, signal, ...(key !== undefined && { key }) };
  const answer = await exchangeJson(endpoint, sent);
  if (!answer.ok) throw new Error(answer.error);
  const { status, body: said } = answer.value;
  if (status !== 200) {
    const why = asFilledText(at(said, 'error', 'message')) ?? asFilledText(field(said, 'error'));
    throw new Error(`${host} answered with status ${status}${why === undefined ? '.' : `: ${why.slice(0, 200)}`}`);
  }
  const message = at(said, 'choices', 0, 'message');
  if (!isObject(message)) throw new Error(`${host} gave no message of a model.`);
  const calls = asArray(field(message, 'tool_calls')).map((call, i) => ({
    id: asFilledText(field(call, 'id')) ?? `call_${i}`,
    name: asText(at(call, 'function', 'name')) ?? '',
    arguments: asText(at(call, 'function', 'arguments')) ?? JSON.stringify(at(call, 'function', 'arguments') ?? {}),
  }));
  return { content: asText(field(message, 'content')) ?? '', calls };
}
