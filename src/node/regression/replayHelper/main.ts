import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { VerdictStatus } from '../../../core/evaluators/verdict.ts';
import type { Fixture, FixtureMessage } from '../../../core/regression/fixture.ts';
import { type JudgedCall, type JudgedRun, judgeCalls } from '../../../core/regression/judge.ts';
import { askedBefore, ReplaySession, type Variation } from '../../../core/regression/replay/replaySession.ts';
import { isScriptName, judgedRunOf, type Script, scriptOf } from '../../../core/regression/replay/script.ts';
import { asFixture } from '../../../core/regression/upgrades/asFixture.ts';
import { harder } from '../../../core/regression/variants/harder.ts';
import { asArray, asText, field, type Json, tryParse } from '../../../core/util/json.ts';
import { type Agent, argumentsOf, callsOf, plain, textOf } from './agent.ts';
import { End } from './end.ts';
import { readTrace, runHindstep, sameTask } from './readTrace.ts';
import { type Checked, readFrom, reported } from './results.ts';

/** Of the helper: a newer one replaces an older one beside tests. */
export const VERSION = 2;

export interface ReplayOptions {
  /** Tools that may be asked for real, by name, where the fixture says so. Never one that writes. */
  readonly liveTools?: Readonly<Record<string, (args: Json) => unknown>>;
  /** Makes the run harder than the recorded one. */
  readonly variation?: Variation;
  /** Which of the fixture's harder runs it is. */
  readonly variant?: string;
}

/** Reads a fixture beside the test. */
export function readFixture(url: string | URL): Fixture {
  return readFrom(url, () => {
    const fixture = asFixture(tryParse(readFileSync(url, 'utf8')));
    if (!fixture.ok) throw new Error(`hindstep: ${fixture.error}`);
    return fixture.value;
  });
}

/** Judges the calls and the final text of a recorded run. */
export function checkTrace(fixture: Fixture, path: string | URL): Promise<Checked> {
  return reported(fixture, () => traceChecked(fixture, path));
}

async function traceChecked(fixture: Fixture, path: string | URL): Promise<Checked> {
  const played = await proof({ ...fixture, mode: 'trace-check' }, async (script) =>
    judged(fixture, judgedRunOf(script), messagesOf(fixture, script)),
  );
  if (played !== undefined) return played;
  const trace = process.env.HINDSTEP_TRACE || (path instanceof URL ? fileURLToPath(path) : path);
  const runs = readTrace(trace);
  const verdicts = wantsVerdicts(fixture) ? verdictsOf(trace) : [];
  const checked = sameTask(fixture.messages, runs, trace).map((run) =>
    judged(fixture, { ...run, verdicts: verdicts[runs.indexOf(run)] ?? {} }),
  );
  return { calls: [], finalText: '', ...checked[0], problems: checked.flatMap(({ problems }) => problems) };
}

/**
 * Judges the one decision that the agent makes after the recorded beginning: its first call, all calls that it makes at
 * once, or its answer. Nothing it calls is answered.
 */
export function checkDecision(fixture: Fixture, agent: Agent): Promise<Checked> {
  return reported(
    fixture,
    async () =>
      (await proof({ ...fixture, mode: 'decision-point' }, (script) => decide(fixture, playing(script, true)))) ??
      decide(fixture, callable(agent)),
  );
}

/** Runs the agent from the goal, with its tools answered from the recording, and judges what it did. */
export function replay(fixture: Fixture, agent: Agent, options: ReplayOptions = {}): Promise<Checked> {
  const { variant } = options;
  if (variant !== undefined) return reported(fixture, () => replayVariant(fixture, variant, agent, options));
  return reported(
    fixture,
    async () =>
      (await proof({ ...fixture, mode: 'replay' }, (script) => run(fixture, playing(script), {}, script))) ??
      run(fixture, callable(agent), options),
  );
}

/** Runs that are known are not known of its variants, so that a proof says nothing of them. */
async function replayVariant(
  fixture: Fixture,
  variant: string,
  agent: Agent,
  options: ReplayOptions,
): Promise<Checked> {
  const changed = harder(fixture, variant);
  if (!changed.ok) throw new Error(`hindstep: ${changed.error}`);
  if (process.env.HINDSTEP_PROOF) return { calls: [], finalText: '', problems: [] };
  return run(changed.value, callable(agent), options);
}

async function decide(fixture: Fixture, agent: Agent): Promise<Checked> {
  const { goal, tools, messages, environment } = fixture;
  const asked = askedBefore(messages);
  const calls: JudgedCall[] = [];
  const end = new End();
  const callTool = async (tool: string, args?: unknown): Promise<never> => {
    if (!end.reached) calls.push({ tool, arguments: argumentsOf(args), asked });
    // Calls that are made at once are one decision.
    await new Promise((resolve) => setTimeout(resolve));
    return end.stop('The decision was made; the test ends the run here.');
  };
  const answer = await end.orResult(() => agent({ goal, tools, environment, messages, callTool }));
  if (calls.length > 0) return judged(fixture, { calls, finalText: '' }, messages);
  const answered = callsOf(answer).map((call) => ({ ...call, asked }));
  return judged(fixture, { calls: answered, finalText: textOf(answer) }, messages);
}

/** An agent that only ever answers tool calls is ended after so many. */
const MOST_TURNS = 200;

async function run(fixture: Fixture, agent: Agent, options: ReplayOptions, script?: Script): Promise<Checked> {
  const session = new ReplaySession(fixture, options.variation);
  const end = new End();
  const callTool = async (tool: string, args?: unknown): Promise<Json> => {
    const outcome = session.call(tool, argumentsOf(args));
    switch (outcome.kind) {
      case 'answered':
        return plain(outcome.observation);
      case 'ended':
        return end.stop(outcome.sentence);
      case 'live': {
        const real = options.liveTools?.[tool];
        if (real === undefined) return end.stop(session.endWithoutTool(outcome.call).sentence);
        const observation = plain(await real(outcome.call.arguments));
        outcome.answer(observation);
        return observation;
      }
    }
  };
  for (let turn = 0; turn < MOST_TURNS && !end.reached; turn++) {
    const { goal, tools } = session;
    const messages = structuredClone([...session.messages]);
    const { environment } = fixture;
    const answer = await end.orResult(() => agent({ goal, tools, environment, messages, callTool }));
    if (end.reached) break;
    const returned = callsOf(answer);
    for (const call of returned) await end.orResult(() => callTool(call.tool, call.arguments));
    if (returned.length === 0 && !session.say(textOf(answer))) break;
  }
  const { steps, verdicts = wantsVerdicts(fixture) ? verdictsOfMessages(session.messages) : undefined } = script ?? {};
  const result = session.judgement({ ...(steps !== undefined && { steps }), ...(verdicts && { verdicts }) });
  const { messages } = session;
  return { ...result, problems: result.problems.map((problem) => `hindstep: ${problem}`), messages };
}

function judged(fixture: Fixture, run: JudgedRun, messages?: readonly FixtureMessage[]): Checked {
  const verdicts =
    run.verdicts ?? (messages !== undefined && wantsVerdicts(fixture) ? verdictsOfMessages(messages) : undefined);
  const problems = judgeCalls(fixture, { ...run, ...(verdicts && { verdicts }) });
  return {
    calls: run.calls,
    finalText: run.finalText,
    problems: problems.map((problem) => `hindstep: ${problem}`),
    ...(messages !== undefined && { messages }),
  };
}

function callable(agent: Agent): Agent {
  if (typeof agent === 'function') return agent;
  throw new Error('hindstep: the agent is no function; check the import of this test.');
}

// --- The proof: known runs in the agent's place ---------------------------------------------------------------------

/**
 * Under HINDSTEP_PROOF a test judges a run that is known: the recorded one, the corrected one, or the one with the
 * correction undone. With `mutations` it judges every run of the file that HINDSTEP_MUTATIONS names, each a correction
 * that one assertion must turn red; then the problems are the assertions that did not.
 */
async function proof(fixture: Fixture, play: (script: Script) => Promise<Checked>): Promise<Checked | undefined> {
  const name = process.env.HINDSTEP_PROOF;
  if (!name) return undefined;
  if (isScriptName(name)) return play(scriptOf(fixture, name));
  const problems: string[] = [];
  const mutations = asArray(tryParse(readFileSync(process.env.HINDSTEP_MUTATIONS ?? '', 'utf8')));
  for (const mutation of mutations) {
    const reason = `hindstep: ${String(field(mutation, 'reason'))}`;
    const { problems: found } = await play(field(mutation, 'script') as unknown as Script);
    if (!found.includes(reason)) problems.push(`hindstep: not noticed: ${String(field(mutation, 'name'))}`);
  }
  return { calls: [], finalText: '', problems };
}

/** An agent that does what a script says, turn by turn; for one decision all calls at once. */
function playing({ calls, texts, finalText }: Script, atOnce = false): Agent {
  let turn = 0;
  return async ({ callTool }) => {
    const now = calls.filter((call) => call.turn === turn).map((call) => () => callTool(call.tool, call.arguments));
    const text = texts[turn++] ?? finalText;
    if (atOnce) await Promise.all(now.map((call) => call()));
    else for (const call of now) await call();
    return text;
  };
}

// --- What evaluators say, where the fixture asks for it ----------------------------------------------------------------

function wantsVerdicts({ expect }: Fixture): boolean {
  return expect.some(({ kind }) => kind === 'evaluator');
}

/** What `hindstep eval` says of each run of a trace. */
function verdictsOf(path: string): Record<string, VerdictStatus>[] {
  const lines = (runHindstep(['eval', path, '--json']) ?? '').split('\n').filter(Boolean);
  return lines.map((line) => {
    const judged = tryParse(line);
    const verdicts = [...asArray(field(judged, 'rollUps')), ...asArray(field(judged, 'verdicts'))];
    return Object.fromEntries(
      verdicts.map((verdict) => [asText(field(verdict, 'evaluator')) ?? '', field(verdict, 'status') as VerdictStatus]),
    );
  });
}

/** The same of a conversation, written for it as OpenAI chat messages. */
function verdictsOfMessages(messages: readonly FixtureMessage[]): Record<string, VerdictStatus> {
  const folder = mkdtempSync(join(tmpdir(), 'hindstep-'));
  const path = join(folder, 'run.json');
  try {
    writeFileSync(path, JSON.stringify({ messages: messages.map(asChatMessage) }));
    return verdictsOf(path)[0] ?? {};
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function asChatMessage({ role, content, toolCalls, toolCallId }: FixtureMessage): object {
  const calls = toolCalls?.map((call) => ({
    id: call.id,
    type: 'function',
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
  }));
  return { role, content, ...(calls && { tool_calls: calls }), ...(toolCallId && { tool_call_id: toolCallId }) };
}

/** The conversation of a script, with the recorded answers. */
function messagesOf(fixture: Fixture, { calls, texts, finalText }: Script): readonly FixtureMessage[] {
  const session = new ReplaySession({ ...fixture, onMiss: 'not-found' });
  for (let turn = 0; turn <= texts.length; turn++) {
    for (const call of calls.filter((one) => one.turn === turn)) session.call(call.tool, call.arguments);
    session.say(texts[turn] ?? finalText);
  }
  return [...session.messages, { role: 'assistant', content: finalText }];
}
