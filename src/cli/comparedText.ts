import type { Aligned } from '../core/compare/align.ts';
import type { ComparedRuns, PlacedCall } from '../core/compare/compareRuns.ts';
import { type Difference, differences, inWords } from '../core/compare/differences.ts';
import { sidesOf } from '../core/compare/pairedTexts.ts';
import type { Json } from '../core/util/json.ts';
import { oneLine } from './text.ts';

/** Equal calls in a row that are all said one by one. */
const FEW = 3;
const SHOWN = 60;

/** Two runs side by side in lines. A number in brackets is a step as `--step` counts it. */
export function comparedLines(compared: ComparedRuns): string[] {
  const { aligned, left, right, first } = compared;
  const lines: string[] = [];
  for (let at = 0; at < aligned.length; ) {
    const end = endOfEqual(aligned, at);
    if (end - at > FEW) {
      const [from, to] = [aligned[at], aligned[end - 1]].map((place) => place && placeText(place, compared));
      lines.push(`  = ${end - at} equal calls: ${from} … ${to}`);
      at = end;
      continue;
    }
    const place = aligned[at++];
    if (place === undefined) break;
    const [a, b] = sidesOf(place, left, right);
    lines.push(`${place === first ? '→' : ' '} ${MARKS[place.kind]} ${placeText(place, compared)}`);
    if (place.kind === 'changed' && a && b) lines.push(`      ${inWords(differences(a.call, b.call))}`);
  }
  if (left.finalText !== right.finalText) {
    lines.push('  ≠ the last words', `      < ${last(left.finalText)}`, `      > ${last(right.finalText)}`);
  }
  return lines;
}

const MARKS: Readonly<Record<Aligned['kind'], string>> = {
  same: '=',
  changed: '≠',
  'left-only': '<',
  'right-only': '>',
};

function endOfEqual(aligned: readonly Aligned[], from: number): number {
  const end = aligned.findIndex(({ kind }, i) => i >= from && kind !== 'same');
  return end < 0 ? aligned.length : end;
}

function placeText(place: Aligned, { left, right }: ComparedRuns): string {
  const [a, b] = sidesOf(place, left, right);
  const steps = [a, b].map((one) => (one === undefined ? '–' : String(one.step))).join(' | ');
  return `[${steps}] ${callText(a ?? b)}`;
}

function callText(placed: PlacedCall | undefined): string {
  if (placed === undefined) return '';
  const values = [...placed.call.values].map(([pointer, { text }]) => `${pointer.split('/').at(-1)}: ${text}`);
  return oneLine(`${placed.call.tool}(${values.join(', ')})`, SHOWN);
}

function last(text: string | undefined): string {
  return text === undefined ? '(none)' : oneLine(text, 2 * SHOWN);
}

/** Two runs side by side as plain data: steps from 0, places as JSON pointers into an action. */
export function comparedJson(compared: ComparedRuns): { [name: string]: Json } {
  const { aligned, left, right, first } = compared;
  const side = (placed: PlacedCall | undefined) =>
    placed && { step: placed.step, action: placed.action, tool: placed.call.tool };
  return JSON.parse(
    JSON.stringify({
      aligned: aligned.map((place) => {
        const [a, b] = sidesOf(place, left, right);
        const found: readonly Difference[] = a && b ? differences(a.call, b.call) : [];
        return { kind: place.kind, left: side(a), right: side(b), ...(found.length > 0 && { differences: found }) };
      }),
      firstDivergence: first === undefined ? null : aligned.indexOf(first),
      finalTexts: { left: left.finalText ?? null, right: right.finalText ?? null },
    }),
  );
}
