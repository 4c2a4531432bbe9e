import { expect, it } from 'vitest';
import { HOSTILE, hostileReport } from '../../../test/support/hostileReport.ts';
import { asArray, at, field, type Json } from '../util/json.ts';
import { otlpVerdicts } from './otlp.ts';

const document = JSON.parse(otlpVerdicts.write(hostileReport())) as Json;
const spans = asArray(at(document, 'resourceSpans', 0, 'scopeSpans', 0, 'spans'));
const valuesOf = (holder: Json | undefined) =>
  Object.fromEntries(asArray(field(holder, 'attributes')).map((one) => [field(one, 'key'), field(one, 'value')]));
const named = (name: string) => spans.find((span) => field(span, 'name') === `evaluate ${name}`);

it('has a span for every verdict, with one link and one event each, and ids of the right form', () => {
  expect(spans).toHaveLength(HOSTILE.length ** 2 * 5);
  for (const span of spans) {
    expect(field(span, 'traceId')).toMatch(/^[0-9a-f]{32}$/);
    expect(field(span, 'spanId')).toMatch(/^[0-9a-f]{16}$/);
    expect(asArray(field(span, 'links'))).toHaveLength(1);
    expect(asArray(field(span, 'events'))).toHaveLength(1);
  }
  expect(new Set(spans.map((span) => `${field(span, 'traceId')} ${field(span, 'spanId')}`)).size).toBe(spans.length);
});

it('says it in both conventions', () => {
  const span = named('hostile-13.fail');
  expect(valuesOf(span)).toMatchObject({
    'openinference.span.kind': { stringValue: 'EVALUATOR' },
    'evaluations.0.evaluation.name': { stringValue: 'hostile-13.fail' },
    'evaluations.0.evaluation.score': { doubleValue: 0.5 },
    'evaluations.0.evaluation.label': { stringValue: 'fail' },
    'evaluations.0.evaluation.annotator_kind': { stringValue: 'CODE' },
  });
  const event = at(span, 'events', 0);
  expect(field(event, 'name')).toBe('gen_ai.evaluation.result');
  expect(valuesOf(event)).toMatchObject({
    'gen_ai.evaluation.name': { stringValue: 'hostile-13.fail' },
    'gen_ai.evaluation.score.value': { doubleValue: 0.5 },
    'gen_ai.evaluation.score.label': { stringValue: 'fail' },
    'gen_ai.evaluation.explanation': { stringValue: '__proto__' },
  });
});

it('gives no score where there is none, and says what failed by itself', () => {
  expect(valuesOf(named('hostile-13.na'))).toMatchObject({
    'trace.evaluations.0.evaluation.label': { stringValue: 'not_applicable' },
  });
  expect(valuesOf(at(named('hostile-13.na'), 'events', 0))).not.toHaveProperty(['gen_ai.evaluation.score.value']);
  expect(valuesOf(at(named('hostile-13.error'), 'events', 0))).toMatchObject({
    'error.type': { stringValue: 'evaluator_failed' },
  });
});

it('links to the recorded span where the trace has ids of spans', () => {
  const [trace] = hostileReport().traces;
  const [run] = trace?.runs ?? [];
  if (trace === undefined || run === undefined) throw new Error('no run');
  const step = run.steps.get(1);
  if (step === undefined) throw new Error('no step');
  const recorded = { ...run, id: 'AB'.repeat(16), steps: new Map([[1, { ...step, id: '12'.repeat(8) }]]) };
  const written = JSON.parse(otlpVerdicts.write({ version: '0', traces: [{ ...trace, runs: [recorded] }] })) as Json;
  const failed = asArray(at(written, 'resourceSpans', 0, 'scopeSpans', 0, 'spans'))[1];
  expect(at(failed, 'links', 0)).toMatchObject({ traceId: 'ab'.repeat(16), spanId: '12'.repeat(8) });
});
