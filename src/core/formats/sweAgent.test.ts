import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { proveSample } from '../../../test/support/proveReader.ts';
import { faultsOf } from '../../../test/support/wholeness.ts';
import { memorySource } from '../source/byteSource.ts';
import { openTrace } from './openTrace.ts';

const corpus = join(import.meta.dirname, '../../../test/corpus/swe-agent');

describe('swe-agent samples', () => {
  for (const name of ['function-calling.traj', 'text.traj']) {
    proveSample(join(corpus, name), 'swe-agent');
  }
});

describe('a row and its body', () => {
  const step = (action: string, observation: string) => ({ action, observation, thought: 'Look.', response: 'Look.' });

  it.each([
    ['ends in a word of an error', step('ls', '\nfailed')],
    [
      'is cut in the middle of a word of an error',
      step('ls', `${'x'.repeat(510)}\nTraceback (most recent call last):`),
    ],
    ['has its refusal behind much space', step('ls', `${' '.repeat(500)}Usage: and more`)],
    ['came of no call', step('', 'Traceback (most recent call last):\nKeyError: 1')],
  ])('agree when an observation %s', async (_, entry) => {
    const value = { trajectory: [step('ls', 'a.py'), entry], history: [], info: {}, environment: 'swe_main' };
    const opened = await openTrace(memorySource('a.traj', new TextEncoder().encode(JSON.stringify(value))));
    if (!opened.ok) throw new Error(opened.decline.sentence);
    expect(opened.value.trace.format).toBe('swe-agent');
    for await (const fault of faultsOf(opened.value)) expect(fault).toBeUndefined();
  });
});
