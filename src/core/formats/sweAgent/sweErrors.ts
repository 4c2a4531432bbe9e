import type { Observation } from '../../trace/model.ts';
import { ERROR_TEXT_SPAN, errorInEnds } from '../shared/errorText.ts';

/** What SWE-agent itself answers when a command didn't do what was asked. */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [/^Your proposed edit has introduced new syntax error/, 'edit-rejected'],
  [/^(?:EXECUTION|COMMAND) TIMED OUT/i, 'timeout'],
  [/^The command '[\s\S]{0,300}' was cancelled because it took more than/, 'timeout'],
  [/^No replacement was performed/, 'edit-rejected'],
  [/^(?:Text not found|No edit was performed|Operation '[^']*' is not supported)/, 'edit-rejected'],
  [/^(?:Invalid `|The path .{1,300} does not exist)/, 'invalid-arguments'],
  [/^Usage: /, 'invalid-arguments'],
];

/** What is said of an observation that may be an error. */
type ErrorSeen = Pick<Observation, 'isError' | 'errorSource' | 'errorType' | 'exitCode'>;

/** Whether an observation's text shows an error; SWE-agent flags none. */
export function errorInObservation(text: string): ErrorSeen {
  return errorInEndsOf(text.slice(0, ERROR_TEXT_SPAN), text.slice(-ERROR_TEXT_SPAN));
}

/** The same from the first and last `ERROR_TEXT_SPAN` characters of the text (both the whole text when it is short). */
export function errorInEndsOf(head: string, tail: string): ErrorSeen {
  const start = head.trimStart();
  const refusal = REFUSALS.find(([pattern]) => pattern.test(start));
  if (refusal !== undefined) return { isError: true, errorSource: 'text', errorType: refusal[1] };
  const seen = errorInEnds(head, tail);
  if (seen === undefined) return {};
  const { type, exitCode } = seen;
  return {
    isError: true,
    errorSource: 'text',
    ...(type !== undefined && { errorType: type }),
    ...(exitCode !== undefined && { exitCode }),
  };
}
