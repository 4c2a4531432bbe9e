import type { VerdictStatus } from '../evaluators/verdict.ts';
import { sha256Hex } from '../util/canonical.ts';
import type { Json, JsonObject } from '../util/json.ts';
import { jsonText } from '../util/jsonText.ts';
import {
  gravest,
  type JudgedRun,
  type JudgedTrace,
  type JudgedVerdict,
  type VerdictWriter,
  verdictsOf,
} from './report.ts';

/**
 * OTLP JSON: a span of kind EVALUATOR for every verdict, linked to the span that it is about, with OpenTelemetry's
 * `gen_ai.evaluation.result` event and OpenInference's evaluation attributes (its spec/annotations.md).
 */
export const otlpVerdicts: VerdictWriter = {
  id: 'otlp',
  title: 'OpenTelemetry OTLP JSON (evaluation spans)',
  extension: '.verdicts.otlp.json',
  write: ({ version, traces }) => {
    const resource = { attributes: attributes({ 'service.name': 'hindstep' }) };
    const spans = traces.flatMap((trace) =>
      trace.runs.flatMap((run) => verdictsOf(run).map((verdict) => spanOf(trace, run, verdict))),
    );
    const scopeSpans = [{ scope: { name: 'hindstep', version }, spans }];
    return `${jsonText({ resourceSpans: [{ resource, scopeSpans }] })}\n`;
  },
};

/** As back ends compare them; `na` in the words of those that have it. */
const LABELS: Readonly<Record<VerdictStatus, string>> = {
  pass: 'pass',
  fail: 'fail',
  warn: 'warn',
  na: 'not_applicable',
  error: 'error',
};

function spanOf(trace: JudgedTrace, run: JudgedRun, verdict: JudgedVerdict): JsonObject {
  const { evaluator, status, reason, score, fingerprint, judge } = verdict;
  const target = gravest(verdict);
  const step = run.steps.get(target?.step ?? 0);
  const time = step?.startTime === undefined ? undefined : nanoseconds(step.startTime);
  const about = {
    'hindstep.trace.path': trace.path,
    'hindstep.trace.sha256': trace.sha256,
    'hindstep.run.id': run.id,
    'hindstep.step.index': target?.step,
    'hindstep.step.id': target === undefined ? undefined : step?.id,
  };
  const prefix = `${target === undefined ? 'trace.' : ''}evaluations.0.evaluation`;
  const findings = verdict.findings.map(({ step: index, message, severity, confidence }) => ({
    step: index,
    message,
    severity,
    confidence,
  }));
  return {
    traceId: hexadecimal(`evaluation ${trace.sha256} ${run.id}`, 32),
    spanId: hexadecimal(`${trace.sha256} ${run.id} ${evaluator}`, 16),
    name: `evaluate ${evaluator}`,
    kind: 1,
    ...(time !== undefined && { startTimeUnixNano: time, endTimeUnixNano: time }),
    attributes: attributes({
      'openinference.span.kind': 'EVALUATOR',
      [`${prefix}.name`]: evaluator,
      [`${prefix}.score`]: score ?? undefined,
      [`${prefix}.label`]: LABELS[status],
      [`${prefix}.explanation`]: reason,
      [`${prefix}.annotator_kind`]: judge === undefined ? 'CODE' : 'LLM',
      [`${prefix}.identifier`]: fingerprint,
      [`${prefix}.metadata`]: jsonText({ status, findings }),
      ...about,
    }),
    events: [
      {
        name: 'gen_ai.evaluation.result',
        ...(time !== undefined && { timeUnixNano: time }),
        attributes: attributes({
          'gen_ai.evaluation.name': evaluator,
          'gen_ai.evaluation.score.value': score ?? undefined,
          'gen_ai.evaluation.score.label': LABELS[status],
          'gen_ai.evaluation.explanation': reason,
          'error.type': status === 'error' ? 'evaluator_failed' : undefined,
        }),
      },
    ],
    links: [{ traceId: traceIdOf(run), spanId: spanIdOf(run, step?.id ?? ''), attributes: attributes(about) }],
    ...(status === 'error' && { status: { code: 2, message: reason } }),
  };
}

/** The recorded ids where the trace has such; else ids that are the same every time. */
function traceIdOf({ id }: JudgedRun): string {
  return /^[0-9a-f]{32}$/i.test(id) ? id.toLowerCase() : hexadecimal(`run ${id}`, 32);
}

function spanIdOf(run: JudgedRun, id: string): string {
  return /^[0-9a-f]{16}$/i.test(id) ? id.toLowerCase() : hexadecimal(`step ${run.id} ${id}`, 16);
}

function hexadecimal(text: string, digits: number): string {
  return sha256Hex(text).slice(0, digits);
}

/** Numbers are scores (doubles, by the conventions) or positions of steps. */
function attributes(all: Readonly<Record<string, string | number | undefined>>): Json[] {
  return Object.entries(all).flatMap(([key, value]): Json[] => {
    if (value === undefined) return [];
    if (typeof value === 'string') return [{ key, value: { stringValue: value } }];
    return [{ key, value: key.endsWith('.index') ? { intValue: String(value) } : { doubleValue: value } }];
  });
}

function nanoseconds(ms: number): string {
  const micros = BigInt(Math.round(ms * 1000));
  return String(micros < 0n ? 0n : micros * 1000n);
}
