import type { Json, JsonObject } from '../../util/json.ts';
import { jsonText } from '../../util/jsonText.ts';
import { leavesOf } from '../../util/pointer.ts';
import type { Fixture } from '../fixture.ts';

/** Entries of the recording of which one must stay. With an `entry` only as long as that stays; else always. */
export interface Need {
  readonly entry?: number;
  readonly anyOf: readonly number[];
}

/** Shorter values stand everywhere by chance. */
const SHORTEST = 3;

/**
 * What the arguments of each call were taken from: the earlier answers that their values stand in. A value that was said by
 * the user or the system, or that stands nowhere, needs nothing.
 */
export function needsOf(fixture: Fixture): Need[] {
  const { messages, goal, recording, failure, correction, environment } = fixture;
  const said = [
    goal,
    jsonText(environment.state ?? null, Number.POSITIVE_INFINITY),
    ...messages.filter(({ role }) => role === 'user' || role === 'system').map(({ content }) => content),
  ].join('\n');
  const answers = recording.map(({ observation }) => textOf(observation));
  const needs = (args: JsonObject, before: number, entry?: number): Need[] =>
    [...new Set(valuesOf(args))].flatMap((value) => {
      if (said.includes(value)) return [];
      const anyOf = answers.slice(0, before).flatMap((answer, i) => (answer.includes(value) ? [i] : []));
      return anyOf.length === 0 ? [] : [{ anyOf, ...(entry !== undefined && { entry }) }];
    });
  return [
    ...recording.flatMap(({ arguments: args }, i) => needs(args, i, i)),
    ...[...failure.calls, ...correction.calls].flatMap((call) => needs(call.arguments, failure.position)),
  ];
}

function valuesOf(args: JsonObject): string[] {
  return [...leavesOf(args)].flatMap(({ value }) => {
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    return text.length < SHORTEST ? [] : [text];
  });
}

function textOf(observation: Json): string {
  return typeof observation === 'string' ? observation : jsonText(observation, Number.POSITIVE_INFINITY);
}
