import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outlineText } from '../../../test/support/outlineText.ts';
import { openText, proveSample } from '../../../test/support/proveReader.ts';
import { asArray, at, type Json, tryParse } from '../util/json.ts';

const corpus = join(import.meta.dirname, '../../../test/corpus/otlp-genai');
const sample = tryParse(readFileSync(join(corpus, 'sub-agent.json'), 'utf8')) ?? null;
const resource = at(sample, 'resourceSpans', 0, 'resource') ?? null;
const spans = asArray(at(sample, 'resourceSpans', 0, 'scopeSpans', 0, 'spans'));

async function outlineOf(document: Json): Promise<string> {
  return outlineText(await openText(JSON.stringify(document)));
}

const wrapped = (list: readonly Json[]): Json => ({
  resourceSpans: [{ resource, scopeSpans: [{ spans: [...list] }] }],
});

describe('the OTLP reader', () => {
  for (const name of readdirSync(corpus)) {
    if (/\.jsonl?$/.test(name)) proveSample(join(corpus, name), 'otlp');
  }

  it('makes the same steps of spans in any order', async () => {
    const expected = await outlineOf(wrapped(spans));
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...spans], { minLength: spans.length }), async (shuffled) => {
        expect(await outlineOf(wrapped(shuffled))).toBe(expected);
      }),
      { numRuns: 30 },
    );
  });

  it.each<[string, Json]>([
    ['an array of documents', [wrapped(spans)]],
    ['under trace', { trace: wrapped(spans) }],
    ['Tempo batches', { batches: [{ resource, scopeSpans: [{ spans }] }] }],
    ['the scope name before 0.15', { resourceSpans: [{ resource, instrumentationLibrarySpans: [{ spans }] }] }],
    ['bare resource spans', { resource, scopeSpans: [{ spans }] }],
    ['one resource a span', { resourceSpans: spans.map((span) => ({ resource, scopeSpans: [{ spans: [span] }] })) }],
  ])('makes the same steps of %s', async (_name, document) => {
    expect(await outlineOf(document)).toBe(await outlineOf(wrapped(spans)));
  });

  it('takes the result of an earlier call for none of the call that uses its id again', async () => {
    const text = (key: string, value: Json): Json => ({ key, value: { stringValue: JSON.stringify(value) } });
    const asks: Json = { role: 'assistant', parts: [{ type: 'tool_call', id: 'call_0', name: 'get', arguments: {} }] };
    const fails: Json = {
      role: 'tool',
      parts: [{ type: 'tool_call_response', id: 'call_0', response: 'Error: it timed out' }],
    };
    const chat = (at: number, input: Json[]): Json => ({
      traceId: '8b9cadbecfd0e1f20314253647586979',
      spanId: `000000000000000${at}`,
      name: 'chat m',
      startTimeUnixNano: `${at}000000000`,
      endTimeUnixNano: `${at}500000000`,
      attributes: [
        { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
        text('gen_ai.input.messages', input),
        text('gen_ai.output.messages', [asks]),
      ],
    });
    const trace = await openText(JSON.stringify(wrapped([chat(1, []), chat(2, [asks, fails])])));
    const steps = trace.trace.runs.flatMap(({ steps }) => [...steps].map(({ status }) => status));
    expect(steps).toEqual(['suspect-error', 'ok']);
  });

  it('keeps what is there when any subset of the spans was exported', async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray([...spans], { minLength: 1 }), async (some) => {
        const { accounting, runs } = (await openText(JSON.stringify(wrapped(some)))).trace;
        expect(accounting.records).toBe(some.length);
        expect(accounting.mapped + accounting.metadata + accounting.unmapped).toBe(some.length);
        expect(runs).toHaveLength(1);
      }),
      { numRuns: 60 },
    );
  });

  it('walks trees of any depth', async () => {
    const deep = Array.from(
      { length: 20_000 },
      (_, i): Json => ({
        traceId: 'a',
        spanId: `s${i}`,
        parentSpanId: i === 0 ? '' : `s${i - 1}`,
        name: 'execute_tool down',
        startTimeUnixNano: `${1e18 + i * 1e6}`,
        attributes: [{ key: 'gen_ai.operation.name', value: { stringValue: 'execute_tool' } }],
      }),
    );
    const { trace } = await openText(JSON.stringify(wrapped(deep)));
    expect(trace.runs[0]?.steps.at(-1)?.depth).toBe(19_999);
  });

  it('says that a file of spans holds none', async () => {
    const { trace } = await openText('{"resourceSpans": []}');
    expect(trace.problems.map(({ message }) => message)).toEqual([expect.stringContaining('no spans')]);
    const logs = await openText(
      '{"resourceLogs": [{"scopeLogs": [{"logRecords": [{"body": {"stringValue": "x"}}]}]}]}',
    );
    expect(logs.trace.problems.map(({ message }) => message)).toContainEqual(expect.stringContaining('no spans'));
  });
});
