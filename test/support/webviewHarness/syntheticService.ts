import { evaluate } from '../../../src/core/evaluators/evaluate.ts';
import type { OpenTrace } from '../../../src/core/formats/openTrace.ts';
import { suspects } from '../../../src/core/localize/suspects.ts';
import { evaluateAt, parseCondition } from '../../../src/core/trace/condition.ts';
import { cutStep } from '../../../src/core/trace/cutStep.ts';
import type { Run, Step, StepRow, StepRows } from '../../../src/core/trace/model.ts';
import { resolvePointer } from '../../../src/core/util/pointer.ts';
import type { Progress, RunSummary, TraceService } from '../../../src/protocol/traceService.ts';
import type { HostApi } from '../../../src/protocol/webviewApi.ts';
import type { Asked } from '../../../src/worker/asked.ts';
import { Calls } from '../../../src/worker/calls.ts';
import { continueTo } from '../../../src/worker/continueTo.ts';
import { filter } from '../../../src/worker/filter.ts';
import { find } from '../../../src/worker/find.ts';
import { lineStarts } from '../../../src/worker/lineStarts.ts';
import { outerFolds } from '../../../src/worker/outerFolds.ts';
import { Provenance } from '../../../src/worker/provenance.ts';
import { Timelines } from '../../../src/worker/timelines.ts';
import { longRowAt, syntheticRun, syntheticSketches } from './syntheticRun.ts';

export interface SyntheticRun {
  readonly summary: RunSummary;
  row(index: number): StepRow | undefined;
  step(index: number): Step;
}

/** Runs that no file holds, served by the same core as real ones. */
export function syntheticRuns(drawImage: () => string, longSteps: number): SyntheticRun[] {
  const goal = 'Cancel the duplicate keyboard order of yusuf_rossi_9620.';
  const main = syntheticRun(syntheticSketches(drawImage), {
    id: 'main',
    title: 'Cancel the duplicate order',
    goal,
    model: 'test-model-4',
    agent: 'support',
    outcome: { status: 'failed', reason: 'wrong order', reward: 0 },
    ended: 'final-answer',
  });
  const good = syntheticRun([{ user: 'What is 2 + 2?' }, { final: '4' }], {
    id: 'good',
    title: 'A short good run',
    outcome: { status: 'passed', reward: 1 },
  });
  const runs = [main, good].map(({ run, steps }) => madeRun(run, steps));
  for (let i = 0; i < 30; i++) {
    const status = i % 5 === 0 ? 'failed' : 'passed';
    const parent = i % 7 === 3 ? { parentRun: 'main', parentStep: 4 } : {};
    const { run, steps } = syntheticRun(
      [{ user: `Task ${i}` }, { calls: [{ tool: 'noop', returns: 'ok' }] }, { final: 'Done' }],
      {
        id: `task-${i}`,
        title: `Task ${i}`,
        outcome: { status },
        ...parent,
      },
    );
    runs.push(madeRun(run, steps));
  }
  if (longSteps > 0) runs.unshift(longRun(longSteps));
  return runs;
}

function madeRun(run: Run, steps: readonly Step[]): SyntheticRun {
  const { steps: rows, ...rest } = run;
  return { summary: { ...rest, stepCount: rows.length }, row: (i) => rows.at(i), step: (i) => stepOf(steps[i]) };
}

function longRun(count: number): SyntheticRun {
  const row = (index: number) => (index >= 0 && index < count ? longRowAt(index, count) : undefined);
  return {
    summary: {
      id: 'long',
      title: `A run of ${count.toLocaleString('en-US')} steps`,
      stepCount: count,
      outcome: { status: 'failed' },
    },
    row,
    step: (index) => {
      const base = stepOf(row(index));
      if (base.kind !== 'action')
        return { ...base, message: [{ type: 'text', text: `Message ${index}` }], actions: [] };
      const text = payload(index);
      return {
        ...base,
        thought: `Thinking about step ${index}, and what comes after it.`,
        actions: [
          {
            tool: base.tools[0] ?? 'bash',
            arguments: { command: `step ${index}` },
            argumentsRecorded: true,
            observation: { content: [{ type: 'text', text }], isError: base.status === 'error' },
          },
        ],
      };
    },
  };
}

/** An observation of 20 KB: JSON, a listing or a log in turn. */
function payload(index: number): string {
  if (index % 3 === 0) {
    return JSON.stringify({
      step: index,
      items: Array.from({ length: 160 }, (_, i) => ({
        id: i,
        name: `item ${i} of ${index}`,
        note: 'x'.repeat(60),
        ok: i % 2 === 0,
      })),
    });
  }
  const line = (i: number) =>
    `2026-05-04T09:${String(i % 60).padStart(2, '0')} [info] worker ${i % 7}: step ${index} processed record ${i * 31} in ${i % 40} ms`;
  return Array.from({ length: 260 }, (_, i) => line(i)).join('\n');
}

function stepOf<T>(step: T | undefined): T extends Step ? Step : Step {
  if (step === undefined) throw new Error('There is no such step.');
  return { ...(step as unknown as Step) };
}

/** Bytes that a step takes up in the file that there is not: its JSON, and spaces. */
const SLOT = 1 << 15;

function bytesOf({ step, summary }: SyntheticRun, start: number, end: number): Uint8Array {
  const bytes = new Uint8Array(end - start).fill(0x20);
  for (let i = Math.floor(start / SLOT); i * SLOT < end && i < summary.stepCount; i++) {
    const json = new TextEncoder().encode(JSON.stringify(step(i))).subarray(0, SLOT);
    const from = Math.max(0, start - i * SLOT);
    bytes.set(json.subarray(from, Math.max(from, end - i * SLOT)), i * SLOT + from - start);
  }
  return bytes;
}

/** Rows that are made when they are asked for. Their bytes stand in a source of the run's own. */
function rowsOf({ summary, row }: SyntheticRun, source: number): StepRows {
  const length = summary.stepCount;
  const at = (index: number): StepRow | undefined => {
    const made = row(index);
    return made && { ...made, parts: [{ source, start: index * SLOT, end: (index + 1) * SLOT }] };
  };
  const slice = (start = 0, end = length) =>
    Array.from({ length: Math.max(0, Math.min(end, length) - start) }, (_, i) => at(start + i) as StepRow);
  const all = () => slice();
  return {
    length,
    at,
    slice,
    map: (make) => all().map(make),
    filter: (keeps) => all().filter(keeps),
    find: (holds) => all().find(holds),
    findIndex: (holds) => all().findIndex(holds),
    findLast: (holds) => all().findLast(holds),
    findLastIndex: (holds) => all().findLastIndex(holds),
    some: (holds) => all().some(holds),
    flatMap: (make) => all().flatMap(make),
    [Symbol.iterator]: () => all()[Symbol.iterator](),
  };
}

export function syntheticService(runs: readonly SyntheticRun[], onProgress: (progress: Progress) => void) {
  const provenance = new Provenance();
  const calls = new Calls();
  const found = (id: string) => {
    const run = runs.find(({ summary }) => summary.id === id);
    if (run === undefined) throw new Error(`There is no run ${id}.`);
    return run;
  };
  const trace: Pick<OpenTrace, 'steps' | 'step' | 'read'> = {
    step: async (run, index) => found(run.id).step(index),
    async *steps(run, from = 0, to = run.steps.length) {
      for (let i = from; i < Math.min(to, found(run.id).summary.stepCount); i++) yield found(run.id).step(i);
    },
    read: async ({ source, start, end }) => bytesOf(runs[source] as SyntheticRun, start, end),
  };
  const made = new Map<string, Run>();
  const asRun = (id: string): Run => {
    const { summary, row } = found(id);
    const length = Math.min(summary.stepCount, 3000);
    const run = made.get(id) ?? { ...summary, steps: Array.from({ length }, (_, i) => row(i) as StepRow) };
    made.set(id, run);
    return run;
  };
  const timelines = new Timelines();
  const wholeRun = (id: string): Run => ({ ...found(id).summary, steps: rowsOf(found(id), runs.indexOf(found(id))) });
  const asked = (id: string, signal: AbortSignal): Asked => {
    const run = wholeRun(id);
    return {
      trace: trace as OpenTrace,
      run,
      evaluation: () => service.evaluate({ run: id }, signal),
      onProgress,
      signal,
    };
  };
  const service: {
    [M in Extract<keyof TraceService, keyof HostApi>]: (
      argument: Parameters<TraceService[M]>[0],
      signal: AbortSignal,
    ) => ReturnType<TraceService[M]>;
  } = {
    rows: async ({ run, start, count }) =>
      Array.from({ length: count }, (_, i) => found(run).row(start + i)).filter((row) => row !== undefined),
    // Made runs never change, so a step stays where it was.
    indexOf: async ({ near }) => near,
    step: async ({ run, step, cutAt }) => {
      const body = found(run).step(step);
      return { ...cutStep(body, cutAt), calls: calls.of(asRun(run), body) };
    },
    text: async ({ run, step, pointer, start, count }) =>
      String(resolvePointer(found(run).step(step), pointer)).slice(start, start + count),
    rawText: async ({ run, step, start, count }) => JSON.stringify(found(run).step(step)).slice(start, start + count),
    rawLines: async () => new Uint8Array(4),
    raw: async ({ run, step, cutAt }) => {
      const text = JSON.stringify(found(run).step(step));
      return [
        {
          range: { source: 0, start: step * 1000, end: step * 1000 + text.length },
          sourceName: 'synthetic.trace.json',
          text: text.slice(0, cutAt),
          length: text.length,
        },
      ];
    },
    evaluate: async ({ run }, signal) => {
      const judged = asRun(run);
      for (let i = 0; i < 8; i++) {
        signal.throwIfAborted();
        onProgress({
          task: 'evaluate',
          done: Math.floor((judged.steps.length * i) / 8),
          total: judged.steps.length,
          unit: 'steps',
        });
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      const writes = calls.watchWrites(trace, judged);
      const { verdicts, rollUps } = await evaluate(writes, judged, { signal });
      const { writing, irreversible } = writes;
      return { run, verdicts, rollUps, suspects: suspects(judged, verdicts), writing, irreversible };
    },
    continue: (request, signal) => continueTo(asked(request.run, signal), request),
    folds: async ({ run }) => outerFolds(wholeRun(run)),
    timeline: (request, signal) => timelines.draw(wholeRun(request.run), request, signal),
    lines: async ({ run, step, pointer }) => lineStarts(String(resolvePointer(found(run).step(step), pointer))),
    find: (request, signal) => find(asked(request.run, signal), request),
    filter: ({ run, filter: text, from }, signal) => filter(asked(run, signal), text, from),
    watch: async ({ run, step, expressions }) =>
      expressions.map((expression) => {
        const value = evaluateAt(expression, found(run).step(step));
        return value.ok
          ? { expression, ok: true as const, value: value.value }
          : { expression, ok: false as const, problem: value.error };
      }),
    checkCondition: async ({ expression }) => {
      const parsed = parseCondition(expression);
      return parsed.ok ? {} : { problem: parsed.error };
    },
    provenance: async ({ run, step }, signal) =>
      found(run).summary.stepCount > 1000 ? [] : provenance.origins(trace as OpenTrace, asRun(run), step, signal),
    laterUses: async ({ run, step }, signal) =>
      found(run).summary.stepCount > 1000
        ? { uses: [], lookedTo: step + 1 }
        : provenance.laterUses(trace as OpenTrace, asRun(run), step, signal),
    positions: async ({ ranges }) => ranges.map(() => ({ startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 })),
  };
  return service;
}
