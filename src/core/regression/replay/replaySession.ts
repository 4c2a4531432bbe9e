import type { Json, JsonObject } from '../../util/json.ts';
import type { Fixture, FixtureCall, FixtureMessage, Recording } from '../fixture.ts';
import { type JudgedCall, type JudgedRun, judgeCalls } from '../judge.ts';
import { CORRECTED, RecordedAnswers } from './recordedAnswers.ts';

// The replay engine: one run of an agent whose tools answer from a fixture's recording. It is pure and all that replays
// shares it: the helper beside people's tests is built from it (scripts/buildReplayHelper.mjs), servers and tool loops
// drive it from outside.
//
//   const session = new ReplaySession(fixture);     a variation as the second argument replaces what is told or observed
//   session.goal, session.tools, session.messages   what the agent is told; the messages grow as the run goes on
//   session.call(tool, arguments)                   answers, and logs the call:
//     { kind: 'answered', observation, isError }      give this to the agent
//     { kind: 'live', call, answer }                  ask the real tool (it only reads), then answer(observation);
//                                                     session.endWithoutTool(call) where there is none
//     { kind: 'ended', sentence }                     end the agent: it left the recording, or had left it before
//   session.say(text)                               what the agent says; true when the recorded user answers and it goes on
//   session.judgement()                             { calls, finalText, problems, divergence? }; at any time
//
// `problems` are sentences without a prefix, `[]` for a run that holds. Nothing here checks the fixture; see
// `fixtureProblem` for one that comes from a file.

/** What a tool answered. */
export interface Answer {
  readonly observation: Json;
  readonly isError: boolean;
}

export type CallOutcome =
  | ({ readonly kind: 'answered' } & Answer)
  | {
      readonly kind: 'live';
      readonly call: FixtureCall;
      readonly answer: (observation: Json) => void;
    }
  | { readonly kind: 'ended'; readonly sentence: string };

/** Makes a run harder than the recorded one: other words to start with, or another answer of a tool. */
export interface Variation {
  readonly messages?: (recorded: readonly FixtureMessage[]) => readonly FixtureMessage[];
  /** The answer to give instead of the recorded one; undefined leaves it. `entry` is the index into the recording. */
  readonly answer?: (recorded: Recording, entry: number) => Answer | undefined;
}

/** Where a run left the recording. */
export interface Divergence {
  readonly sentence: string;
  readonly call: FixtureCall;
  /** Index of the recorded call that comes nearest. */
  readonly nearest?: number;
}

export interface ReplayJudgement {
  readonly calls: readonly JudgedCall[];
  readonly finalText: string;
  readonly problems: readonly string[];
  readonly divergence?: Divergence;
}

export class ReplaySession {
  readonly goal: string;
  readonly tools: Fixture['tools'];
  readonly calls: JudgedCall[] = [];
  protected readonly transcript: FixtureMessage[];
  private readonly laterWords: FixtureMessage[];
  private readonly answers: RecordedAnswers;
  private finalText = '';
  private divergence: Divergence | undefined;

  constructor(
    private readonly fixture: Fixture,
    private readonly variation: Variation = {},
  ) {
    const recorded = variation.messages?.(fixture.messages) ?? fixture.messages;
    const first = recorded.findIndex(({ role }) => role === 'user') + 1;
    this.goal = fixture.goal;
    this.tools = fixture.tools;
    this.transcript = recorded.slice(0, first);
    this.laterWords = recorded.slice(first).filter(({ role }) => role === 'user');
    this.answers = new RecordedAnswers(fixture);
  }

  /** The conversation so far. */
  get messages(): readonly FixtureMessage[] {
    return this.transcript;
  }

  /** Why the run was ended; undefined while it goes on. */
  get ended(): string | undefined {
    return this.divergence?.sentence;
  }

  /** A tool call of the agent. */
  call(tool: string, args: JsonObject): CallOutcome {
    if (this.divergence !== undefined) return { kind: 'ended', sentence: this.divergence.sentence };
    const call: JudgedCall = { tool, arguments: args, asked: askedBefore(this.transcript) };
    this.calls.push(call);
    const match = this.answers.match(call);
    switch (match.kind) {
      case 'recorded': {
        const { recorded, entry } = match;
        return this.answered(call, this.variation.answer?.(recorded, entry) ?? recorded);
      }
      case 'corrected':
        return this.answered(call, { observation: CORRECTED, isError: false });
      case 'missing':
        return this.missed(call, match.sentence, match.nearest);
    }
  }

  /** A text of the agent with no call in it: its final answer, unless the recorded user goes on. */
  say(text: string): boolean {
    this.finalText = text;
    const next = this.divergence === undefined ? this.laterWords.shift() : undefined;
    this.transcript.push({ role: 'assistant', content: text });
    if (next === undefined) return false;
    this.transcript.push(next);
    return true;
  }

  /** What was done against what must hold. A run that left the recording before the decision under test never holds. */
  judgement(more: Pick<JudgedRun, 'steps' | 'verdicts'> = {}): ReplayJudgement {
    const { calls, finalText, divergence } = this;
    const problems = judgeCalls(this.fixture, { calls, finalText, ...more });
    const tells = divergence !== undefined && (problems.length > 0 || !this.answers.reachedDecision);
    return {
      calls,
      finalText,
      problems: tells ? [divergence.sentence, ...problems] : problems,
      ...(divergence !== undefined && { divergence }),
    };
  }

  private answered(call: JudgedCall, { observation, isError }: Answer): CallOutcome {
    this.tell(call, observation);
    return { kind: 'answered', observation, isError };
  }

  private missed(call: JudgedCall, sentence: string, nearest: number | undefined): CallOutcome {
    switch (this.fixture.onMiss) {
      case 'not-found':
        return this.answered(call, { observation: { error: 'not found' }, isError: true });
      case 'live':
        if (mayBeLive(this.fixture, call.tool)) {
          return { kind: 'live', call, answer: (observation) => this.tell(call, observation) };
        }
        return this.end(
          call,
          `${sentence} It is not called live, because ${call.tool} is not known to only read.`,
          nearest,
        );
      case 'error':
        return this.end(call, sentence, nearest);
    }
  }

  /** Ends the run at a call that should be answered live, where there is no live tool. */
  endWithoutTool(call: FixtureCall): Extract<CallOutcome, { kind: 'ended' }> {
    return this.end(call, `${call.tool} was not recorded like this, and the test has no live tool of this name.`);
  }

  private end(call: FixtureCall, sentence: string, nearest?: number): Extract<CallOutcome, { kind: 'ended' }> {
    this.divergence ??= { sentence, call, ...(nearest !== undefined && { nearest }) };
    return { kind: 'ended', sentence: this.divergence.sentence };
  }

  private tell(call: JudgedCall, observation: Json): void {
    const { tool, arguments: args } = call;
    // A live answer may come after other calls were made.
    const id = `call-${this.calls.indexOf(call) + 1}`;
    const content = typeof observation === 'string' ? observation : JSON.stringify(observation);
    this.transcript.push({ role: 'assistant', content: '', toolCalls: [{ id, name: tool, arguments: args }] });
    this.transcript.push({ role: 'tool', toolCallId: id, content });
  }
}

/** A tool may be called for real only when all that is known of it is that it reads. */
export function mayBeLive({ recording, tools }: Pick<Fixture, 'recording' | 'tools'>, tool: string): boolean {
  const effects = [
    ...recording.filter((recorded) => recorded.tool === tool),
    ...tools.filter(({ name }) => name === tool),
  ].map(({ effect }) => effect);
  return effects.includes('read') && effects.every((effect) => effect === undefined || effect === 'read');
}

/** Whether the user has spoken after a text of the agent. */
export function askedBefore(messages: readonly FixtureMessage[]): boolean {
  const spoke = messages.findIndex(({ role, content }) => role === 'assistant' && content.trim() !== '');
  return spoke >= 0 && messages.slice(spoke).some(({ role }) => role === 'user');
}
