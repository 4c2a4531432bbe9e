import type { Action } from '../../trace/model.ts';
import { failed, observationText } from './actions.ts';

const TYPE = /time[_\s-]?d?[_\s-]?out|deadline[_\s-]?exceeded|^(408|504)$/i;
const TEXT =
  /\btimed?[\s-]?out (after|waiting|while|exceeded)\b|\b(has|have|was|command|request|connection|call|operation|execution|tool|query|read|process) timed[\s-]?out\b|deadline exceeded|\bETIMEDOUT\b|\bTimeout(Error|Expired|Exception)\b|\b(408 Request|504 Gateway) Time-?out\b|^\W*(error:?\s*)?(timed?[\s-]?out|timeout)\b/i;
/** How an observation starts when it is an error although nothing flags it. */
const ERROR_START = /^\W*(error|timed?[\s-]?out|timeout|exception|traceback|failed|fatal)\b/i;
const CANCELLED = /cancel|abort|interrupt/i;

/**
 * True when an action ended by a timeout: by the type of its error, or by an anchored text in an observation that is an
 * error. Documents that talk about timeouts do not count, and neither does what a user cancelled.
 */
export function isTimeout(action: Action): boolean {
  const { observation } = action;
  if (observation === undefined || observation.isError === false) return false;
  const type = observation.errorType ?? '';
  if (CANCELLED.test(type)) return false;
  if (TYPE.test(type)) return true;
  const start = observationText(action).slice(0, 2000);
  const isErrorText = failed(action) || (ERROR_START.test(start) && start.length < 600);
  return (isErrorText && TEXT.test(start)) || (observation.exitCode === 124 && failed(action));
}

const TRANSIENT =
  /\b(429|502|503|too many requests|rate limit|rate-limit|temporarily|try again later|overloaded|service unavailable|ECONNRESET|EAGAIN)\b/i;

/** True for failures that may go away by themselves, so that a retry with the same arguments makes sense. */
export function isTransient(action: Action): boolean {
  if (isTimeout(action)) return true;
  return TRANSIENT.test(`${action.observation?.errorType ?? ''} ${observationText(action).slice(0, 500)}`);
}

/** The limit in ms that a call sets for itself in an argument with a clear unit (`timeout_ms`, `timeout_seconds`). */
export function declaredLimit(action: Action): number | undefined {
  for (const [key, value] of Object.entries(action.arguments)) {
    if (typeof value !== 'number' || value <= 0) continue;
    if (/^timeout_?ms$|^timeout_?milliseconds$/i.test(key)) return value;
    if (/^timeout_?(s|secs?|seconds)$/i.test(key)) return value * 1000;
  }
  return undefined;
}
