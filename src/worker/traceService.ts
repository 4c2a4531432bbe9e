import type { OpenTrace } from '../core/formats/openTrace.ts';
import { maskText } from '../core/redact/mask.ts';
import { GIANT } from '../core/redact/maskStretch.ts';
import { positionsOf } from '../core/source/positions.ts';
import { parseCondition } from '../core/trace/condition.ts';
import { cutStep } from '../core/trace/cutStep.ts';
import type { Run, Step } from '../core/trace/model.ts';
import { resolvePointer } from '../core/util/pointer.ts';
import { judgementOf, type PreparedJudgement } from '../node/judgement/judgementOf.ts';
import { type Judgement, judgeRun } from '../node/judgement/judgeRun.ts';
import type { Handlers } from '../protocol/rpc.ts';
import type {
  OpenedAnswer,
  Progress,
  RunEvaluation,
  RunSummary,
  TraceEvents,
  TraceService,
  TraceSummary,
} from '../protocol/traceService.ts';
import type { Asked } from './asked.ts';
import type { Bodies } from './bodies.ts';
import { Calls } from './calls.ts';
import { continueTo } from './continueTo.ts';
import { filter } from './filter.ts';
import { find } from './find.ts';
import { lineStarts } from './lineStarts.ts';
import { type Content, type Files, LiveTrace } from './liveTrace.ts';
import { maskedOrigins, maskedUses } from './maskedProvenance.ts';
import {
  maskedCut,
  maskedEvaluation,
  maskedHead,
  maskedLinesOf,
  maskedRow,
  maskedSlice,
  maskedStretch,
  maskedSummary,
  maskedWatch,
  watchAt,
} from './masking.ts';
import { ModelVerdicts, modelJudging } from './modelJudging.ts';
import { outerFolds } from './outerFolds.ts';
import { Provenance } from './provenance.ts';
import { type Evaluate, RunEvaluations } from './runEvaluations.ts';
import { throttled } from './throttled.ts';
import { Timelines } from './timelines.ts';

/** Serves one opened trace. Nothing here knows about VS Code or threads; a test calls it directly. */
export function traceService(files: Files, events: TraceEvents): Handlers<TraceService> {
  const onProgress = events.progress;
  const evaluations = new RunEvaluations((run) => events.judged({ run }));
  let provenance = new Provenance();
  let calls = new Calls();
  let path = '';
  let judgement: Promise<PreparedJudgement> = judgementOf({}, path);
  const timelines = new Timelines();
  const modelVerdicts = new ModelVerdicts();
  const live = new LiveTrace(files, onProgress, (content, note) => {
    evaluations.clear();
    modelVerdicts.clear();
    provenance = new Provenance();
    calls = new Calls();
    events.changed({ answer: answerOf(content), ...(note !== undefined && { note }) });
  });

  const runOf = (id: string): { trace: OpenTrace; bodies: Bodies; run: Run } => {
    const { trace, bodies } = live.now;
    const run = live.run(id);
    if (run === undefined) throw new Error(`The trace has no run "${id}".`);
    return { trace, bodies, run };
  };
  const evaluationOf = async (id: string, signal?: AbortSignal, whole?: boolean): Promise<RunEvaluation> => {
    await live.whole;
    const { trace, run } = runOf(id);
    const judge: Evaluate = (...how) => evaluateRun(trace, run, calls, judgement, modelVerdicts, onProgress, ...how);
    return evaluations.of(run.id, signal, judge, whole);
  };

  const rawPart = async (id: string, step: number, part: number): Promise<string> => {
    const { bodies, run } = runOf(id);
    const found = (await bodies.raw(run, step))[part];
    if (found === undefined) throw new Error(`Step ${step + 1} has no record ${part + 1}.`);
    return found.text;
  };

  const asked = (id: string, signal: AbortSignal): Asked => ({
    ...runOf(id),
    evaluation: () => evaluationOf(id, signal),
    onProgress,
    signal,
  });

  return {
    open: async (argument, signal) => {
      path = argument.path;
      const decline = await live.open(path, signal);
      return decline === undefined ? answerOf(live.now) : { status: 'declined', decline };
    },

    refresh: ({ quiet }) => live.refresh(quiet),

    summary: async ({ showSecrets }) => {
      const summary = summaryOf(live.now);
      return showSecrets ? summary : maskedSummary(summary);
    },

    indexOf: async ({ run, id, near }) => {
      const { steps } = runOf(run).run;
      for (let away = 0; away < steps.length; away++) {
        for (const index of [near + away, near - away]) {
          if (index >= 0 && steps.at(index)?.id === id) return index;
        }
      }
      return undefined;
    },

    rows: async ({ run, start, count, showSecrets }) => {
      const rows = runOf(run).run.steps.slice(start, start + count);
      return showSecrets ? rows : rows.map(maskedRow);
    },

    step: async ({ run, step, cutAt, showSecrets }) => {
      const { bodies, run: found } = runOf(run);
      const body = await bodies.step(found, step);
      return { ...(showSecrets ? cutStep : maskedCut)(body, cutAt), calls: calls.of(found, body) };
    },

    text: async ({ run, step, pointer, start, count, showSecrets }) => {
      const { bodies, run: found } = runOf(run);
      const body = await bodies.step(found, step);
      const end = start + count;
      const text = showSecrets ? textAt(body, pointer).slice(start, end) : maskedStretch(body, pointer, start, end);
      return text ?? noTextAt(body, pointer);
    },

    lines: async ({ run, step, pointer, showSecrets }) => {
      const { bodies, run: found } = runOf(run);
      const body = await bodies.step(found, step);
      return lineStarts((showSecrets ? textAt : maskedLinesOf)(body, pointer) ?? noTextAt(body, pointer));
    },

    raw: async ({ run, step, cutAt, showSecrets }) => {
      const { bodies, run: found } = runOf(run);
      const parts = await bodies.raw(found, step);
      return parts.map(({ text, ...part }) => ({
        ...part,
        ...(showSecrets ? { text: text.slice(0, cutAt), length: text.length } : maskedHead(text, cutAt)),
      }));
    },

    rawText: async ({ run, step, part, start, count, showSecrets }) => {
      const text = await rawPart(run, step, part);
      return showSecrets ? text.slice(start, start + count) : maskedSlice(text, start, start + count);
    },

    rawLines: async ({ run, step, part, showSecrets }) => {
      const text = await rawPart(run, step, part);
      // In a giant text masks keep lines.
      return lineStarts(showSecrets || text.length >= GIANT ? text : maskText(text));
    },

    configure: async (settings) => {
      judgement = judgementOf(settings, path);
      evaluations.clear();
      return [...(await judgement).problems];
    },

    evaluate: async ({ run, showSecrets, whole }, signal) => {
      const evaluation = await evaluationOf(run, signal, whole);
      return showSecrets ? evaluation : maskedEvaluation(evaluation);
    },

    ...modelJudging(asked, async () => (await judgement).options.policy, onProgress),

    addVerdicts: async ({ run, verdicts }) => {
      modelVerdicts.add(run, verdicts);
      evaluations.forget(run);
    },

    continue: (request, signal) => continueTo(asked(request.run, signal), request),

    find: (request, signal) => find(asked(request.run, signal), request),

    filter: ({ run, filter: text, from }, signal) => filter(asked(run, signal), text, from),

    folds: async ({ run }) => outerFolds(runOf(run).run),

    timeline: (request, signal) => timelines.draw(runOf(request.run).run, request, signal),

    watch: async ({ run, step, expressions, showSecrets }) => {
      const { bodies, run: found } = runOf(run);
      const body = await bodies.step(found, step);
      return expressions.map((expression) => (showSecrets ? watchAt : maskedWatch)(expression, body));
    },

    checkCondition: async ({ expression }) => {
      const parsed = parseCondition(expression);
      return parsed.ok ? {} : { problem: parsed.error };
    },

    provenance: async ({ run, step, showSecrets }, signal) => {
      const found = runOf(run);
      const origins = await provenance.origins(found.trace, found.run, step, signal, found.bodies);
      return showSecrets ? origins : maskedOrigins(origins, (index) => found.bodies.step(found.run, index));
    },

    laterUses: async ({ run, step, showSecrets }, signal) => {
      const found = runOf(run);
      const answer = await provenance.laterUses(found.trace, found.run, step, signal, found.bodies);
      return showSecrets ? answer : maskedUses(answer, (index) => found.bodies.step(found.run, index));
    },

    positions: ({ ranges }) =>
      positionsOf(
        live.now.source,
        ranges.map((range) => (range.source === 0 ? range : { start: 0, end: 0 })),
      ),
  };
}

function textAt(step: Step, pointer: string): string {
  const value = resolvePointer(step, pointer);
  return typeof value === 'string' ? value : noTextAt(step, pointer);
}

function noTextAt(step: Step, pointer: string): never {
  throw new Error(`Step ${step.index + 1} has no text at ${pointer}.`);
}

async function evaluateRun(
  trace: OpenTrace,
  run: Run,
  calls: Calls,
  judgement: Promise<PreparedJudgement>,
  modelVerdicts: ModelVerdicts,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal | undefined,
  onFirst: (evaluation: RunEvaluation) => void,
): Promise<RunEvaluation> {
  const report = throttled(onProgress);
  const writes = calls.watchWrites(trace, run);
  const { options } = await judgement;
  const whole = (judged: Judgement): RunEvaluation => {
    const { writing, irreversible } = writes;
    return { run: run.id, ...judged, writing, irreversible };
  };
  const custom = options.extras ?? [];
  const judged = await judgeRun(writes, run, {
    ...options,
    // What a model has said is there at once.
    extras: [async () => [...modelVerdicts.of(run.id)], ...custom],
    ...(custom.length > 0 && { onFirst: (first: Judgement) => onFirst(whole(first)) }),
    ...(signal && { signal }),
    onProgress: (done: number) => report({ task: 'evaluate', done, total: run.steps.length, unit: 'steps' }),
  });
  return whole(judged);
}

function answerOf(content: Content): OpenedAnswer {
  const { reading, isLive } = content;
  return {
    status: 'opened',
    summary: maskedSummary(summaryOf(content)),
    ...(reading !== undefined && { reading }),
    ...(isLive && { live: true }),
  };
}

function summaryOf({ trace: { trace }, source }: Content): TraceSummary {
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
