import type { ComparedRuns } from './compareRuns.ts';
import { differences, inWords } from './differences.ts';
import { sidesOf } from './pairedTexts.ts';

/** Where two runs part, as a sentence for people, who count steps from 1. */
export function partingSentence({ first, left, right }: ComparedRuns): string {
  if (first === undefined) {
    const same = left.finalText === right.finalText;
    return `Both make the same calls${same ? ', and say the same at the end.' : '; what they say at the end differs.'}`;
  }
  const [a, b] = sidesOf(first, left, right);
  if (a !== undefined && b !== undefined) {
    const words = inWords(differences(a.call, b.call));
    return `They part at step ${a.step + 1}: ${a.call.tool}${words === '' ? ' differs.' : ` ${words}.`}`;
  }
  if (a !== undefined) return `They part at step ${a.step + 1}: only the first calls ${a.call.tool} there.`;
  return `They part where the second calls ${b?.call.tool}, in its step ${(b?.step ?? 0) + 1}; the first does not.`;
}
