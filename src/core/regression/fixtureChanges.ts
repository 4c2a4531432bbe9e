import { align } from '../compare/align.ts';
import { comparedCall } from '../compare/call.ts';
import { jsonText } from '../util/jsonText.ts';
import type { Fixture, Recording } from './fixture.ts';
import { sameJson } from './sameJson.ts';
import { brief, shown } from './words.ts';

/** What is different in a fixture that replaces another: lines as a difference is written, `[]` when nothing is. */
export function fixtureChanges(before: Fixture, after: Fixture): string[] {
  return [
    ...valueChange('source', sourceOf(before), sourceOf(after)),
    ...valueChange('record', before.source.sha256.slice(0, 12), after.source.sha256.slice(0, 12)),
    ...valueChange('goal', before.goal, after.goal),
    ...valueChange('messages', String(before.messages.length), String(after.messages.length)),
    ...valueChange('tools', toolsOf(before), toolsOf(after)),
    ...valueChange('failing step', failureOf(before), failureOf(after)),
    ...recordingChanges(before.recording, after.recording),
  ];
}

function valueChange(name: string, before: string, after: string): string[] {
  return before === after ? [] : [`- ${name}: ${brief(before)}`, `+ ${name}: ${brief(after)}`];
}

function sourceOf({ source: { fileName, run, step } }: Fixture): string {
  return `${fileName}, run ${run}, step ${step + 1}`;
}

function toolsOf({ tools }: Fixture): string {
  return tools.map(({ name }) => name).join(', ') || 'none';
}

function failureOf({ failure }: Fixture): string {
  return failure.calls.map(shown).join('; ') || (failure.message ?? '');
}

function recordingChanges(before: readonly Recording[], after: readonly Recording[]): string[] {
  const compared = (call: Recording) => comparedCall({ ...call, argumentsRecorded: true }, () => false);
  return align(before.map(compared), after.map(compared)).flatMap((place): string[] => {
    const old = 'left' in place ? before[place.left] : undefined;
    const fresh = 'right' in place ? after[place.right] : undefined;
    const isSame =
      place.kind === 'same' && old !== undefined && fresh !== undefined && sameJson(old.observation, fresh.observation);
    if (isSame) return [];
    return [...(old ? [`- ${lineOf(old)}`] : []), ...(fresh ? [`+ ${lineOf(fresh)}`] : [])];
  });
}

function lineOf(call: Recording): string {
  return `${shown(call)} → ${brief(jsonText(call.observation))}`;
}
