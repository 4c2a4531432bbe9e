import { at, field, isObject } from '../util/json.ts';
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
  if (head.size === 0 || text.trim() === '') {
    const sentence = `${name} is empty: there is no step to show yet. If an agent is still writing it, open it again later.`;
    return { reason: 'empty', sentence, handBack: false };
  }
  if (text.startsWith('PK\u0003\u0004')) {
    const playwright = /\.(trace|network)/.test(text);
    return playwright
      ? {
          reason: 'playwright',
          sentence: `${name} is a Playwright trace; open it with "npx playwright show-trace".`,
          handBack: true,
        }
      : {
          reason: 'binary',
          sentence: `${name} is a zip archive that holds no agent trace known here.`,
          handBack: true,
        };
  }
  if (text.includes('\u0000')) {
    return { reason: 'binary', sentence: `${name} is a binary file, not a trace in JSON.`, handBack: true };
  }
  const events = Array.isArray(sample) ? sample : field(sample, 'traceEvents');
  const event = at(events, 0);
  if (
    (isObject(sample) && Array.isArray(events)) ||
    (field(event, 'ph') !== undefined && field(event, 'ts') !== undefined)
  ) {
    const sentence = `${name} is a browser performance trace, not an agent's; open it in Chrome DevTools or Perfetto.`;
    return { reason: 'performance-trace', sentence, handBack: true };
  }
  if (Array.isArray(field(sample, 'nodes')) && field(sample, 'timeDeltas') !== undefined) {
    return { reason: 'cpu-profile', sentence: `${name} is a CPU profile; VS Code opens it itself.`, handBack: true };
  }
  if (at(sample, 'files', 0, 'conversations', 0, 'ranges') !== undefined) {
    const sentence = `${name} records which code an agent wrote ("Agent Trace"), not what it did; there are no steps in it.`;
    return { reason: 'code-attribution', sentence, handBack: true };
  }
  return undefined;
}
