import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { proveSample } from '../../../test/support/proveReader.ts';
import { faultsOf } from '../../../test/support/wholeness.ts';
import { memorySource } from '../source/byteSource.ts';
import { openTrace } from './openTrace.ts';

const corpus = join(import.meta.dirname, '../../../test/corpus/tape-agents');

describe('TapeAgents tapes', () => {
  for (const name of ['workarena.json', 'list.json']) proveSample(join(corpus, name), 'tape-agents');

  it('name every call of a step, however many there are', async () => {
    const calls = Array.from({ length: 230 }, (_, i) => ({
      id: `c${i}`,
      function: { name: 'search', arguments: '{}' },
    }));
    const metadata = { author: 'Clerk' };
    const steps = [
      { kind: 'user', content: 'Find it.' },
      { kind: 'assistant', tool_calls: calls },
    ];
    const bytes = new TextEncoder().encode(JSON.stringify({ metadata, steps }));
    const opened = await openTrace(memorySource('tape.json', bytes));
    if (!opened.ok) throw new Error(opened.decline.sentence);
    expect(opened.value.trace.runs[0]?.steps.at(1)?.tools).toHaveLength(230);
    for await (const fault of faultsOf(opened.value)) expect(fault).toBeUndefined();
  });
});
