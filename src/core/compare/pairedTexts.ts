import type { OpenTrace } from '../formats/openTrace.ts';
import { maskSecrets, maskText } from '../redact/mask.ts';
import type { Action, Run } from '../trace/model.ts';
import { partsText } from '../trace/stepText.ts';
import { jsonText } from '../util/jsonText.ts';
import type { Aligned } from './align.ts';
import type { ComparedRuns, PlacedCall, RunCalls } from './compareRuns.ts';

/** Characters of the arguments and of the answer of a call that are shown. */
const LONGEST = 4000;
/** More calls than these are not written out. */
const MOST = 5000;

/**
 * Two runs as two texts for a diff editor: the same call stands under the same heading in both, whatever the steps are
 * called, with sorted arguments, so that what differs is what the agents did. Credentials are masked.
 */
export async function pairedTexts(
  { aligned, left, right }: ComparedRuns,
  leftSource: readonly [Pick<OpenTrace, 'step'>, Run],
  rightSource: readonly [Pick<OpenTrace, 'step'>, Run],
): Promise<{ left: string; right: string }> {
  const texts = { left: [] as string[], right: [] as string[] };
  for (const place of aligned.slice(0, MOST)) {
    const [a, b] = sidesOf(place, left, right);
    const heading = `━━ ${a === undefined ? '–' : `step ${a.step + 1}`} │ ${b === undefined ? '–' : `step ${b.step + 1}`}`;
    if (a !== undefined) texts.left.push(heading, ...(await linesOf(a, leftSource)), '');
    if (b !== undefined) texts.right.push(heading, ...(await linesOf(b, rightSource)), '');
  }
  const more = aligned.length - MOST;
  for (const [side, { finalText }] of [
    ['left', left],
    ['right', right],
  ] as const) {
    if (more > 0) texts[side].push(`━━ ${more} more calls are not shown.`);
    if (finalText !== undefined) texts[side].push('━━ at the end', maskText(finalText), '');
  }
  return { left: texts.left.join('\n'), right: texts.right.join('\n') };
}

/** The calls at a place of an alignment. */
export function sidesOf(
  place: Aligned,
  left: RunCalls,
  right: RunCalls,
): readonly [left: PlacedCall | undefined, right: PlacedCall | undefined] {
  return [
    place.kind === 'right-only' ? undefined : left.calls[place.left],
    place.kind === 'left-only' ? undefined : right.calls[place.right],
  ];
}

async function linesOf({ step, action }: PlacedCall, [trace, run]: readonly [Pick<OpenTrace, 'step'>, Run]) {
  const made = (await trace.step(run, step)).actions[action];
  if (made === undefined) return [];
  const observed = partsText(made.observation?.content ?? []);
  const answer = made.observation === undefined ? [] : ['→', cut(maskText(observed))];
  return [made.tool, ...argumentLines(made), ...answer];
}

function argumentLines({ arguments: args, rawArguments, argumentsProblem }: Action): string[] {
  if (argumentsProblem !== undefined) return [cut(maskText(rawArguments ?? ''))];
  const shown = maskSecrets(args);
  return Object.keys(shown)
    .sort()
    .map((name) => `  ${name}: ${cut(jsonText(shown[name] ?? null, LONGEST + 1, true))}`);
}

function cut(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
