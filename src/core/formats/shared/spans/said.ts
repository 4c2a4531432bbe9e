import type { Json } from '../../../util/json.ts';
import { jsonText } from '../../../util/jsonText.ts';
import { type ErrorText, errorInText } from '../errorText.ts';
import { previewOfCall, previewOfText } from '../preview.ts';
import { readArguments } from '../readArguments.ts';
import { type Message, type MessagePart, textOf } from './message.ts';
import type { Talk } from './talk.ts';

/** A tool call that a model asked for. */
export interface CallFacts {
  readonly id: string | undefined;
  readonly tool: string;
  readonly preview: string;
}

/** A user's message: the how-manieth of the user's it is among the input messages, and its beginning. */
export interface UserText {
  readonly ordinal: number;
  readonly text: string;
}

/** What the step list needs of a span's messages; the messages themselves are let go. */
export interface Said {
  readonly inputRecorded: boolean;
  readonly outputRecorded: boolean;
  readonly calls: readonly CallFacts[];
  /** Beginning of the words of the answer. */
  readonly text: string;
  readonly finishReason: string | undefined;
  /** The first words of a user, and those since the model's last answer. */
  readonly firstUser: UserText | undefined;
  readonly newUsers: readonly UserText[];
  /** Calls of the model's last answer in the input: what an earlier span that records no output had asked for. */
  readonly asked: readonly CallFacts[];
  /** Tool results since then, and those of tools that the provider ran itself, which stand in the answer. */
  readonly answers: readonly {
    readonly id: string;
    readonly suspect: ErrorText | undefined;
    readonly failed: boolean;
    /** Whether it stands in the answer: then it answers the model's own call, else one of an earlier answer. */
    readonly own: boolean;
  }[];
  /** Tells system prompts apart without keeping them. */
  readonly systemKey: string;
}

/** Characters of a goal that a run keeps. */
const GOAL = 4_000;

/** Sums a span's messages up. */
export function summarise(talk: Talk): Said {
  const { input, output } = talk;
  const lastAnswer = input.findLastIndex(({ role }) => role === 'assistant');
  const lastAsking = input.findLastIndex((message) => callsIn([message]).length > 0);
  const users = userMessages(input);
  return {
    inputRecorded: input.length > 0,
    outputRecorded: output.length > 0,
    calls: callsIn(output).map(callFacts),
    text: previewOfText(output.map(textOf).join('\n')),
    finishReason: output.find(({ finishReason }) => finishReason !== undefined)?.finishReason,
    firstUser: users.slice(0, 1).map(userText)[0],
    newUsers: users.flatMap((user, ordinal) => (user.position > lastAnswer ? [userText(user, ordinal)] : [])),
    asked: callsIn(lastAsking < 0 ? [] : input.slice(lastAsking, lastAsking + 1)).map(callFacts),
    answers: [...answersIn(input.slice(Math.max(lastAsking, 0)), false), ...answersIn(output, true)],
    systemKey: keyOf(systemPromptOf(input) ?? ''),
  };
}

function answersIn(messages: readonly Message[], own: boolean): Said['answers'][number][] {
  return responsesIn(messages).flatMap(({ id, result, failed }) =>
    id === undefined ? [] : [{ id, suspect: errorInText(resultText(result)), failed: failed === true, own }],
  );
}

export function callsIn(messages: readonly Message[]): (MessagePart & { type: 'call' })[] {
  return messages.flatMap(({ parts }) => parts.filter((part) => part.type === 'call'));
}

export function responsesIn(messages: readonly Message[]): (MessagePart & { type: 'response' })[] {
  return messages.flatMap(({ parts }) => parts.filter((part) => part.type === 'response'));
}

/** A result's words, for telling errors. */
export function resultText(result: Json): string {
  return typeof result === 'string' ? result : jsonText(result);
}

/** The messages in which a user says something (not those that only carry tool results, as a user's words or not). */
export function userMessages(input: readonly Message[]): { readonly position: number; readonly message: Message }[] {
  return input.flatMap((message, position) => {
    if (message.role !== 'user') return [];
    const text = textOf(message);
    const observed = input[position - 1]?.role === 'assistant' && /^Observation:\s/.test(text);
    return text.trim() === '' || observed ? [] : [{ position, message }];
  });
}

function userText({ message }: { readonly message: Message }, ordinal: number): UserText {
  return { ordinal, text: textOf(message).slice(0, GOAL) };
}

/** What rows keep of a call. */
export function callFacts(call: MessagePart & { type: 'call' }): CallFacts {
  const read = readArguments(call.arguments);
  const preview = previewOfCall(read);
  return { id: call.id, tool: call.tool, preview };
}

/** The system prompt among the input messages. */
export function systemPromptOf(input: readonly Message[]): string | undefined {
  const text = input.flatMap((message) => (message.role === 'system' ? [textOf(message)] : [])).join('\n');
  return text === '' ? undefined : text;
}

function keyOf(text: string): string {
  return `${text.length} ${text.slice(0, 80)}`;
}
