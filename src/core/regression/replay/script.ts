import type { Fixture, FixtureCall } from '../fixture.ts';
import { type JudgedRun, judgeCalls } from '../judge.ts';
import { askedBefore, ReplaySession } from './replaySession.ts';

/** A call of a run that is played to a test; `turn` counts what the user had said before it beside the goal. */
export interface ScriptedCall extends FixtureCall {
  readonly turn: number;
}

/** A run that is played to a test in the agent's place, to see what the test says of it. */
export interface Script extends Pick<JudgedRun, 'steps' | 'verdicts'> {
  readonly calls: readonly ScriptedCall[];
  /** What the agent says at the end of each turn, before the user goes on. */
  readonly texts: readonly string[];
  readonly finalText: string;
}

/** The runs of a proof: what was recorded, the same with the correction, and again without it up to the decision. */
export type ScriptName = 'recorded' | 'corrected' | 'undone';

/** Whether a value is the name of one. */
export function isScriptName(name: string): name is ScriptName {
  return name === 'recorded' || name === 'corrected' || name === 'undone';
}

/** A run of the proof as a script. In a decision-point only the decision itself is played. */
export function scriptOf(fixture: Fixture, name: ScriptName): Script {
  const { failure, correction, recording, mode } = fixture;
  const decision = name === 'corrected' ? correction : failure;
  // A decision is made once, when all else has been said.
  const texts = mode === 'decision-point' ? [] : textsBefore(fixture);
  const last = texts.length;
  const before = recording.slice(0, failure.position);
  const played =
    mode === 'decision-point'
      ? decision.calls
      : name === 'recorded'
        ? recording
        : [...before, ...decision.calls.map((call) => ({ ...call, turn: last }))];
  const calls = played.map(({ tool, arguments: args, turn = 0 }: FixtureCall & { readonly turn?: number }) => ({
    tool,
    arguments: args,
    turn: Math.min(turn, last),
  }));
  return { calls, texts, finalText: decision.message ?? '' };
}

/** What the agent said before each thing that the user said beside the goal. */
function textsBefore({ messages }: Fixture): string[] {
  const first = messages.findIndex(({ role }) => role === 'user');
  return messages.flatMap(({ role }, i) => {
    const said = messages[i - 1];
    return role === 'user' && i > first ? [said?.role === 'assistant' ? said.content : ''] : [];
  });
}

/** A script as a run to be judged by itself. */
export function judgedRunOf({ calls, texts, ...rest }: Script): JudgedRun {
  const asked = (turn: number) => texts.slice(0, turn).some((text) => text.trim() !== '');
  return { ...rest, calls: calls.map(({ turn, ...call }) => ({ ...call, asked: asked(turn) })) };
}

/** What a test of the fixture says of a script: the sentences of the replay helpers. */
export function problemsOf(fixture: Fixture, script: Script): readonly string[] {
  const { run, divergence } = playScript(fixture, script);
  return [...divergence, ...judgeCalls(fixture, run)];
}

/** Plays a script as a test of the fixture does: what is judged of it, and where it left the recording, if that is told. */
export function playScript(fixture: Fixture, script: Script): { run: JudgedRun; divergence: readonly string[] } {
  const { mode, messages } = fixture;
  const { calls, texts, finalText, ...rest } = script;
  switch (mode) {
    case 'trace-check':
      return { run: judgedRunOf(script), divergence: [] };
    case 'decision-point': {
      const asked = askedBefore(messages);
      const decided = calls.map(({ tool, arguments: args }) => ({ tool, arguments: args, asked }));
      // What an agent says beside its calls is not waited for.
      return { run: { ...rest, calls: decided, finalText: calls.length > 0 ? '' : finalText }, divergence: [] };
    }
    case 'replay': {
      const session = new ReplaySession(fixture);
      for (let turn = 0; session.ended === undefined; turn++) {
        for (const call of calls.filter((one) => one.turn === turn)) {
          const outcome = session.call(call.tool, call.arguments);
          // A proof calls nothing live.
          if (outcome.kind === 'live') session.endWithoutTool(outcome.call);
          if (outcome.kind !== 'answered') break;
        }
        if (session.ended !== undefined || !session.say(texts[turn] ?? finalText)) break;
      }
      const judgement = session.judgement(rest);
      const told = session.ended !== undefined && judgement.problems[0] === session.ended;
      const run = { ...rest, calls: judgement.calls, finalText: judgement.finalText };
      return { run, divergence: told ? [judgement.problems[0] ?? ''] : [] };
    }
  }
}
