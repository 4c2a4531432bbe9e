import { asArray, asText, field, isObject, type Json, type JsonObject } from '../../util/json.ts';

/** What version 1 had (Hindstep 0.1.0), where version 2 differs. Frozen: it says what was. */
export interface Fixture1 {
  readonly schemaVersion: 1;
  readonly messages: readonly {
    readonly role: 'system' | 'user' | 'assistant' | 'tool';
    readonly content: string;
    readonly toolCalls?: readonly { readonly id: string; readonly name: string; readonly arguments: JsonObject }[];
    readonly toolCallId?: string;
  }[];
  readonly recording: readonly {
    readonly tool: string;
    readonly arguments: JsonObject;
    readonly argumentsHash: string;
    readonly ordinal: number;
    readonly observation: Json;
    readonly isError: boolean;
  }[];
  readonly onMiss: 'error' | 'not-found';
}

/**
 * Version 2 knows when a recorded call was made: after which words of the user. Version 1 played all of them before the user
 * spoke again, and the messages tell better. Version 2 may also ask for an order, forbid calls in a place, or let a call
 * answer others that are like it, which a helper of version 1 would pass over without a word: that is why it is another
 * version. What is not of the right shape is left as it is.
 */
export function from1To2(fixture: JsonObject): JsonObject {
  const messages = asArray(fixture.messages);
  return { ...fixture, schemaVersion: 2, ...(Array.isArray(fixture.recording) && turns(messages, fixture.recording)) };
}

function turns(messages: readonly Json[], recording: readonly Json[]): { recording: Json[] } {
  const made: number[] = [];
  let turn = -1;
  for (const message of messages) {
    if (field(message, 'role') === 'user') turn++;
    for (const call of asArray(field(message, 'toolCalls'))) {
      const name = asText(field(call, 'name'));
      const at = recording.findIndex((one, i) => i >= made.length && name !== undefined && field(one, 'tool') === name);
      // Calls of sub-agents are no part of the messages; they were made on the way to this one.
      for (let i = made.length; i <= at; i++) made.push(turn);
    }
  }
  return {
    recording: recording.map((recorded, i) => {
      const known = made[i] ?? turn;
      return isObject(recorded) && known > 0 ? { turn: known, ...recorded } : recorded;
    }),
  };
}
