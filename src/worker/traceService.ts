import { evaluate } from '../core/evaluators/evaluate.ts';
import type { Evaluation } from '../core/evaluators/verdict.ts';
import { type OpenTrace, openTrace } from '../core/formats/openTrace.ts';
import { suspects } from '../core/localize/suspects.ts';
import { maskText } from '../core/redact/mask.ts';
import type { ByteSource, Neighbours } from '../core/source/byteSource.ts';
import { positionsOf } from '../core/source/positions.ts';
import { Stopper } from '../core/stepper/breakpoints.ts';
import { parseCondition } from '../core/trace/condition.ts';
import { cutStep } from '../core/trace/cutStep.ts';
import { parseFilter } from '../core/trace/filter.ts';
import { hitsIn } from '../core/trace/find.ts';
import type { Run, Trace } from '../core/trace/model.ts';
import { resolvePointer } from '../core/util/pointer.ts';
import type { Handlers } from '../protocol/rpc.ts';
import type {
  FindHit,
  Progress,
  RunEvaluation,
  RunSummary,
  TraceService,
  TraceSummary,
} from '../protocol/traceService.ts';
import { Calls } from './calls.ts';
import {
  maskedEvaluation,
  maskedOrigins,
  maskedRow,
  maskedStep,
  maskedSummary,
  maskedWatch,
  watchAt,
} from './masking.ts';
import { Provenance } from './provenance.ts';

export interface Files {
  open(path: string): Promise<{ source: ByteSource; neighbours: Neighbours }>;
}

/** Serves one opened trace. Nothing here knows about VS Code or threads; a test calls it directly. */
export function traceService(files: Files, onProgress: (progress: Progress) => void): Handlers<TraceService> {
  let opened: { trace: OpenTrace; source: ByteSource } | undefined;
  const evaluations = new Map<string, Promise<RunEvaluation>>();
  const provenance = new Provenance();
  const calls = new Calls();

  const current = () => {
    if (opened === undefined) throw new Error('No trace is open.');
    return opened;
  };
  const runOf = (id: string): { trace: OpenTrace; run: Run } => {
    const { trace } = current();
    const run = trace.run(id);
    if (run === undefined) throw new Error(`The trace has no run "${id}".`);
    return { trace, run };
  };
  const evaluationOf = (id: string, signal?: AbortSignal): Promise<RunEvaluation> => {
    const { trace, run } = runOf(id);
    const known = evaluations.get(id);
    if (known !== undefined) return known;
    const made = evaluateRun(trace, run, calls, onProgress, signal);
    evaluations.set(id, made);
    // A cancelled or failed evaluation may be asked for again.
    made.catch(() => evaluations.delete(id));
    return made;
  };

  return {
    open: async ({ path }, signal) => {
      const { source, neighbours } = await files.open(path);
      const report = throttled(onProgress);
      const answer = await openTrace(source, {
        neighbours,
        signal,
        onProgress: (done, total) => report({ task: 'open', done, total, unit: 'bytes' }),
      });
      if (!answer.ok) return { status: 'declined', decline: answer.decline };
      opened = { trace: answer.value, source };
      return { status: 'opened', summary: maskedSummary(summaryOf(answer.value.trace, source)) };
    },

    summary: async ({ showSecrets }) => {
      const { trace, source } = current();
      const summary = summaryOf(trace.trace, source);
      return showSecrets ? summary : maskedSummary(summary);
    },

    rows: async ({ run, start, count, showSecrets }) => {
      const rows = runOf(run).run.steps.slice(start, start + count);
      return showSecrets ? rows : rows.map(maskedRow);
    },

    step: async ({ run, step, cutAt, showSecrets }) => {
      const { trace, run: found } = runOf(run);
      const body = await trace.step(found, step);
      return { ...cutStep(showSecrets ? body : maskedStep(body), cutAt), calls: calls.of(found, body) };
    },

    text: async ({ run, step, pointer, start, count, showSecrets }) => {
      const { trace, run: found } = runOf(run);
      const body = await trace.step(found, step);
      const value = resolvePointer(showSecrets ? body : maskedStep(body), pointer);
      if (typeof value !== 'string') throw new Error(`Step ${step + 1} has no text at ${pointer}.`);
      return value.slice(start, start + count);
    },

    raw: async ({ run, step, cutAt, showSecrets }) => {
      const { trace, run: found } = runOf(run);
      const row = found.steps[step];
      if (row === undefined) throw new Error(`The run has no step ${step + 1}.`);
      const parts = await trace.raw(row);
      return parts.map((part) => {
        const text = showSecrets ? part.text : maskText(part.text);
        return { ...part, text: text.slice(0, cutAt), length: text.length };
      });
    },

    evaluate: async ({ run, showSecrets }, signal) => {
      const evaluation = await evaluationOf(run, signal);
      return showSecrets ? evaluation : maskedEvaluation(evaluation);
    },

    continue: async (request, signal) => {
      const { trace, run } = runOf(request.run);
      const failures = request.stopAtFailures ? failuresOf(await evaluationOf(request.run, signal)) : undefined;
      const stopper = new Stopper(request.run, request.breakpoints, failures);
      const forward = request.direction === 'forward';
      const report = throttled(onProgress);
      const last = forward ? run.steps.length - 1 : 0;
      for (let index = request.from + (forward ? 1 : -1); run.steps[index] !== undefined; index += forward ? 1 : -1) {
        signal.throwIfAborted();
        const row = run.steps[index];
        if (row === undefined) break;
        const body = stopper.needsBody(row) ? await trace.step(run, index) : undefined;
        const stop = stopper.stopAt(row, body);
        if (stop !== undefined) return request.showSecrets ? stop : { ...stop, reason: maskText(stop.reason) };
        report({ task: 'continue', done: index, total: run.steps.length, unit: 'steps' });
      }
      const reason = forward ? 'The run ends here; nothing stopped it.' : 'The run begins here; nothing stopped it.';
      return { step: last, cause: 'end', reason };
    },

    find: async ({ run, query, from, limit, showSecrets }, signal) => {
      const { trace, run: found } = runOf(run);
      const report = throttled(onProgress);
      const hits: FindHit[] = [];
      const count = found.steps.length;
      for (let n = 0; n < count; n++) {
        signal.throwIfAborted();
        const index = (from + n) % count;
        const body = await trace.step(found, index);
        // Few steps have a hit, and only those are worth masking.
        const isHit = hitsIn(body, query).next().done === false;
        for (const hit of isHit ? hitsIn(showSecrets ? body : maskedStep(body), query) : []) {
          if (hits.length >= limit) return { hits, more: true };
          hits.push({ step: index, ...hit });
        }
        report({ task: 'find', done: n, total: count, unit: 'steps' });
      }
      return { hits, more: false };
    },

    filter: async ({ run, filter: text }, signal) => {
      const { trace, run: found } = runOf(run);
      const parsed = parseFilter(text);
      if (!parsed.ok) return { ok: false, problem: parsed.error };
      const filter = parsed.value;
      const flagged = failuresOf(await evaluationOf(run, signal));
      const report = throttled(onProgress);
      const steps: number[] = [];
      for (const row of found.steps) {
        signal.throwIfAborted();
        if (!filter.keepsRow(row, flagged.has(row.index))) continue;
        if (filter.rowsOnly || filter.keepsStep(await trace.step(found, row.index))) steps.push(row.index);
        report({ task: 'filter', done: row.index, total: found.steps.length, unit: 'steps' });
      }
      return { ok: true, steps };
    },

    watch: async ({ run, step, expressions, showSecrets }) => {
      const { trace, run: found } = runOf(run);
      const body = await trace.step(found, step);
      return expressions.map((expression) => (showSecrets ? watchAt : maskedWatch)(expression, body));
    },

    checkCondition: async ({ expression }) => {
      const parsed = parseCondition(expression);
      return parsed.ok ? {} : { problem: parsed.error };
    },

    provenance: async ({ run, step, showSecrets }, signal) => {
      const found = runOf(run);
      const origins = await provenance.origins(found.trace, found.run, step, signal);
      return showSecrets ? origins : maskedOrigins(origins);
    },

    positions: ({ ranges }) =>
      positionsOf(
        current().source,
        ranges.map((range) => (range.source === 0 ? range : { start: 0, end: 0 })),
      ),
  };
}

async function evaluateRun(
  trace: OpenTrace,
  run: Run,
  calls: Calls,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal | undefined,
): Promise<RunEvaluation> {
  const report = throttled(onProgress);
  const writes = calls.watchWrites(trace, run);
  const { verdicts, rollUps } = await evaluate(writes, run, {
    ...(signal && { signal }),
    onProgress: (done: number) => report({ task: 'evaluate', done, total: run.steps.length, unit: 'steps' }),
  });
  const { writing, irreversible } = writes;
  return { run: run.id, verdicts, rollUps, suspects: suspects(run, [...verdicts, ...rollUps]), writing, irreversible };
}

/** The first failing finding's message, by step. */
function failuresOf(evaluation: Evaluation): Map<number, string> {
  const failures = new Map<number, string>();
  for (const verdict of evaluation.verdicts) {
    if (verdict.status !== 'fail') continue;
    for (const finding of verdict.findings) {
      if (finding.severity === 'error' && !failures.has(finding.step)) failures.set(finding.step, finding.message);
    }
  }
  return failures;
}

function summaryOf(trace: Trace, source: ByteSource): TraceSummary {
  const { format, formatTitle, version, runs, problems, accounting, joined } = trace;
  return {
    format,
    formatTitle,
    ...(version !== undefined && { version }),
    fileName: source.name,
    size: source.size,
    runs: runs.map(summariseRun),
    problems,
    accounting,
    joined,
  };
}

function summariseRun({ steps, ...run }: Run): RunSummary {
  return { ...run, stepCount: steps.length };
}

/** At most 20 messages a second, and always the last one of a task. */
function throttled(report: (progress: Progress) => void): (progress: Progress) => void {
  let last = 0;
  return (progress) => {
    const now = Date.now();
    if (now - last < 50 && progress.done < progress.total) return;
    last = now;
    report(progress);
  };
}
