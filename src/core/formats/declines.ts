import { asArray, at, field, isObject, type Json } from '../util/json.ts';
import type { Head } from './format.ts';

/** Why a file is not opened as a trace. */
export interface Decline {
  readonly reason:
    | 'empty'
    | 'binary'
    | 'performance-trace'
    | 'cpu-profile'
    | 'code-attribution'
    | 'playwright'
    | 'unknown';
  /** What was found and what to do instead. */
  readonly sentence: string;
  /** True when the text editor should take the file. */
  readonly handBack: boolean;
}

/** Recognises what is no agent trace although its name may say so. Undefined when nothing speaks against it. */
export function declineOf(head: Head): Decline | undefined {
  const { name, sample, text } = head;
  if (head.complete && text.trim() === '') {
    const sentence = `${name} is empty: there is no step to show yet. If an agent is still writing it, open it again later.`;
    return { reason: 'empty', sentence, handBack: false };
  }
  if (text.startsWith('PK\u0003\u0004')) return zipDecline(head);
  if (text.includes('\u0000')) {
    return { reason: 'binary', sentence: `${name} is a binary file, not a trace in JSON.`, handBack: true };
  }
  if (isPerformanceTrace(sample)) {
    const sentence = `${name} is a browser performance trace, not an agent's; open it in Chrome DevTools or Perfetto.`;
    return { reason: 'performance-trace', sentence, handBack: true };
  }
  if (at(sample, 'nodes', 0, 'callFrame') !== undefined) {
    return { reason: 'cpu-profile', sentence: `${name} is a CPU profile; VS Code opens it itself.`, handBack: true };
  }
  if (at(sample, 'files', 0, 'conversations', 0, 'ranges') !== undefined) {
    const sentence = `${name} records which code an agent wrote ("Agent Trace"), not what it did; there are no steps in it.`;
    return { reason: 'code-attribution', sentence, handBack: true };
  }
  return undefined;
}

/** For content in which no format is recognised. */
export function unknownContent({ name, sample }: Head): Decline {
  return { reason: 'unknown', sentence: `${name} ${whatIsIn(sample)}`, handBack: true };
}

function whatIsIn(sample: Json): string {
  if (typeof sample === 'number') return 'holds a single number (a reward, perhaps), so there is no trace in it.';
  if (sample !== null && typeof sample !== 'object') return 'holds a single value, so there is no trace in it.';
  const isText = sample === null || (Array.isArray(sample) && sample.length === 0);
  return isText
    ? 'holds no JSON that can be read, so there is no trace in it.'
    : "holds JSON, but nothing in it looks like an agent's trace.";
}

/** Names of a zip's members stand in its first bytes and in the directory at its end. */
function zipDecline({ name, text, tail }: Head): Decline {
  if (/\.(?:trace|network)/.test(text + tail)) {
    const sentence = `${name} is a Playwright trace, not an agent's; open it with "npx playwright show-trace".`;
    return { reason: 'playwright', sentence, handBack: true };
  }
  return {
    reason: 'binary',
    sentence: `${name} is a zip archive that holds no agent trace known here.`,
    handBack: true,
  };
}

/** Chrome's and Perfetto's trace events: in an object (also with no event yet), or as a bare array. */
function isPerformanceTrace(sample: Json): boolean {
  if (Array.isArray(field(sample, 'traceEvents'))) return true;
  return asArray(sample)
    .slice(0, 20)
    .some((event) => typeof field(event, 'ph') === 'string' && isObject(event) && ('ts' in event || 'pid' in event));
}
