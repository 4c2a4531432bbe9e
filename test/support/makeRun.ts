import type { EvaluationContext } from '../../src/core/evaluators/context.ts';
import type { Evaluator } from '../../src/core/evaluators/evaluator.ts';
import type { Verdict } from '../../src/core/evaluators/verdict.ts';
import type { Action, ContentPart, Observation, Run, Step, StepKind } from '../../src/core/trace/model.ts';
import type { JsonObject } from '../../src/core/util/json.ts';

/** A step in a few words, for tests: everything that is left out gets a plain default. */
export type StepSketch = Partial<Omit<Step, 'message' | 'actions' | 'index'>> & {
  readonly user?: string;
  readonly says?: string;
  readonly final?: string;
  readonly calls?: readonly CallSketch[];
};

export type CallSketch = Partial<Omit<Action, 'tool' | 'arguments' | 'observation'>> & {
  readonly tool: string;
  readonly with?: JsonObject;
  /** The observation's text; absent means that none is recorded. */
  readonly returns?: string;
  readonly fails?: string;
  readonly observation?: Observation;
};

export interface MadeRun {
  readonly run: Run;
  readonly steps: readonly Step[];
}

/** A run from sketches: `{user: 'Cancel it'}`, `{calls: [{tool: 'cancel', with: {id: 1}, returns: 'ok'}]}`, `{final: 'Done.'}`. */
export function makeRun(sketches: readonly StepSketch[], more: Partial<Omit<Run, 'steps'>> = {}): MadeRun {
  const steps = sketches.map((sketch, index) => stepOf(sketch, index));
  const goal = sketches.find((s) => s.user !== undefined)?.user;
  const run: Run = { id: 'run', title: 'run', ...(goal !== undefined && { goal, goalStep: 0 }), ...more, steps };
  return { run, steps };
}

function stepOf(sketch: StepSketch, index: number): Step {
  const { user, says, final, calls = [], ...given } = sketch;
  const text = user ?? final ?? says;
  const kind: StepKind =
    user !== undefined ? 'user' : calls.length > 0 ? 'action' : final !== undefined ? 'final' : 'plan';
  const actions = calls.map((call, i) => actionOf(call, `call-${index}-${i}`));
  const failed = actions.some((action) => action.observation?.isError === true);
  return {
    index,
    id: `step-${index}`,
    kind,
    tools: actions.map((action) => action.tool),
    preview: text ?? '',
    depth: 0,
    parent: -1,
    end: index + 1,
    status: failed ? 'error' : 'ok',
    childRuns: [],
    parts: [{ source: 0, start: index * 100, end: index * 100 + 99 }],
    ...(text !== undefined && { message: [textPart(text)] }),
    actions,
    ...given,
  };
}

function actionOf(call: CallSketch, callId: string): Action {
  const { with: args, returns, fails, ...given } = call;
  const text = fails ?? returns;
  return {
    argumentsRecorded: true,
    callId,
    arguments: args ?? {},
    ...(text !== undefined && {
      observation: {
        content: [textPart(text)],
        isError: fails !== undefined,
        ...(fails !== undefined && { errorSource: 'flag' as const }),
      },
    }),
    ...given,
  };
}

function textPart(text: string): ContentPart {
  return { type: 'text', text };
}

/** Runs one evaluator over a made run and signs its conclusion. */
export function judge(evaluator: Evaluator, made: MadeRun, context: EvaluationContext): Verdict {
  const observer = evaluator.start(context);
  for (const step of made.steps) observer.step(step);
  return { evaluator: evaluator.id, ...observer.finish(made.run) };
}
