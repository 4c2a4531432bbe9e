import { assertNever } from '../util/assertNever.ts';
import type { JsonObject } from '../util/json.ts';
import { jsonText } from '../util/jsonText.ts';
import type { Expectation } from './fixture.ts';
import { times } from './words.ts';

/** An expectation in words, without its full stop: `it must call pay with {"id":1}`. */
export function sentenceOf(expectation: Expectation): string {
  switch (expectation.kind) {
    case 'mustCall':
      return `it must call ${callWords(expectation)}${expectation.count === undefined ? '' : ` ${times(expectation.count)}`}`;
    case 'mustNotCall': {
      const { count } = expectation;
      return `it must not call ${callWords(expectation)}${count === undefined ? '' : ` more than ${times(count)}`}`;
    }
    case 'mustAskBefore':
      return `it must ask before it calls ${expectation.tool}`;
    case 'finalMustNotClaim':
      return `it must not claim "${expectation.claim}" at the end`;
    case 'maxSteps':
      return `it must end within ${expectation.count} steps`;
    case 'maxRepeats':
      return `it must not repeat ${expectation.tool} more than ${times(expectation.count)}`;
    case 'evaluator':
      return `${expectation.id} must say ${expectation.status}`;
    default:
      return assertNever(expectation);
  }
}

/** A comment is cut at 300 characters anyway. */
const MOST_WORDS = 300;

function callWords(expectation: Extract<Expectation, { kind: 'mustCall' | 'mustNotCall' }>): string {
  const { tool, arguments: args, before, after } = expectation;
  // Matchers are plain JSON too.
  const named = Object.keys(args).length === 0 ? '' : ` with ${jsonText(args as JsonObject, MOST_WORDS)}`;
  return `${tool}${named}${before === undefined ? '' : ` before ${before}`}${after === undefined ? '' : ` after ${after}`}`;
}
