import type { StepPlace } from '../evaluators/verdict.ts';
import { hasPlaceholder } from '../redact/placeholders.ts';
import { asNumber, asText, field, type Json, tryParse } from '../util/json.ts';
import { leavesOf } from '../util/pointer.ts';
import type { ShownText } from './question.ts';

/** Words that a model quoted and that stand, letter by letter, in what it was shown of the step. */
export type Quote = Required<Pick<StepPlace, 'step' | 'pointer'>> & Pick<StepPlace, 'quote'>;

/** Letters and digits that a quote needs: anything shorter stands everywhere. Whole values may be shorter. */
const SHORTEST = 4;
const LONGEST = 200;

/**
 * Where a quote `{step, quote}` of a model (steps counted from 1) stands, or undefined when it does not stand in that step. Words in
 * which a secret was replaced name their place only: the step has others there.
 */
export function verified(given: Json, shown: readonly ShownText[]): Quote | undefined {
  const step = asNumber(field(given, 'step'));
  const quote = asText(field(given, 'quote'))?.trim();
  if (step === undefined || quote === undefined) return undefined;
  const long = (quote.match(/[\p{L}\p{N}]/gu)?.length ?? 0) >= SHORTEST;
  for (const { step: of, pointer, text } of shown) {
    if (of !== step - 1 || !(long ? text.includes(quote) : text.trim() === quote && quote !== '')) continue;
    const place = { step: of, pointer: narrowed(pointer, text, quote) };
    return hasPlaceholder(quote) ? place : { ...place, quote: quote.slice(0, LONGEST) };
  }
  return undefined;
}

/** The one leaf of a JSON text that the quote is about; the whole text when it is about several, or about none. */
function narrowed(pointer: string, text: string, quote: string): string {
  const value = pointer.endsWith('/arguments') || pointer.endsWith('/value') ? tryParse(text) : undefined;
  if (value === undefined) return pointer;
  const leaves = [...leavesOf(value, pointer)].filter(({ value: leaf }) => {
    const words = typeof leaf === 'string' ? leaf : JSON.stringify(leaf);
    return words !== '' && (words.includes(quote) || quote.includes(words));
  });
  const [only] = leaves;
  return leaves.length === 1 && only !== undefined ? only.pointer : pointer;
}
