import { contextFor } from '../evaluators/context.ts';
import type { Policy } from '../evaluators/policy/policy.ts';
import { isTurnedOff } from '../evaluators/policy/ruling.ts';
import { cut } from '../evaluators/shared/wording.ts';
import type { Verdict } from '../evaluators/verdict.ts';
import type { OpenTrace } from '../formats/openTrace.ts';
import { Redactor, type SecretDetector } from '../redact/redact.ts';
import type { Run } from '../trace/model.ts';
import type { JsonObject } from '../util/json.ts';
import { askAbout, type Slice } from './prompt.ts';
import type { JudgeQuestion, RunQuestions } from './question.ts';
import type { Rubric } from './rubric.ts';
import { RUBRICS } from './rubrics.ts';
import { plainStep, textsOf } from './shownStep.ts';
import { Targets } from './targets.ts';

/**
 * Characters of the run that a question shows. Local servers often give a model 4,096 tokens and cut off silently what is
 * more; this and the words around it are some 3,000.
 */
const BUDGET = 8000;
/** The most that is shown of one step; of the step in question twice as much. */
const STEP_BUDGET = 1600;
const GOAL = 1500;
const TOOLS = 30;
const TOOL_NAME = 64;
const TOOL_WORDS = 120;
/** Steps before the one in question, and requests of the user before these. */
const WINDOW = 4;
const REQUESTS = 3;
/** For the run as a whole: its last steps, and the last ones that changed something. */
const LAST = 4;
const WRITES = 6;

export interface QuestionOptions {
  readonly policy?: Policy;
  /** Verdicts that are known of the run: decisions with findings are asked about first. */
  readonly verdicts?: readonly Verdict[];
  readonly detect?: SecretDetector;
  readonly signal?: AbortSignal;
  /** Steps read so far of `total`. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * All questions about a run, ready to be asked. The run is streamed past twice: once to choose the steps and learn the secrets
 * that any step gives away, once for the texts of those that are shown. Rejects with the signal's reason when aborted.
 */
export async function questionsOf(
  trace: Pick<OpenTrace, 'steps'>,
  run: Run,
  { policy, verdicts = [], detect, signal, onProgress }: QuestionOptions = {},
): Promise<RunQuestions> {
  const redactor = new Redactor(detect);
  const targets = new Targets(contextFor(run, policy));
  const about = {
    goal: cut(run.goal ?? '', GOAL),
    tools: (run.tools ?? []).slice(0, TOOLS).map(({ name, description }) => ({ name, description: description ?? '' })),
  };
  await redactor.learn(about);
  const users: number[] = [];
  for await (const step of trace.steps(run, 0, run.steps.length, signal)) {
    signal?.throwIfAborted();
    targets.step(step);
    if (step.kind === 'user') users.push(step.index);
    await redactor.learn(plainStep(step));
    onProgress?.(step.index + 1, run.steps.length);
  }
  const plans: Plan[] = RUBRICS.map((rubric) =>
    isTurnedOff(policy, rubric.id)
      ? { rubric, views: [], why: 'Turned off by the policy.' }
      : planOf(rubric, run, targets, users, verdicts),
  );
  const wanted = new Set(plans.flatMap(({ views }) => views.flatMap(({ steps }) => steps)));
  const plain = new Map<number, JsonObject>();
  for (const index of [...wanted].sort((a, b) => a - b)) {
    for await (const step of trace.steps(run, index, index + 1, signal)) {
      signal?.throwIfAborted();
      plain.set(index, redactor.apply(plainStep(step)).value);
    }
  }
  const redacted = redactor.apply(about).value;
  const tools = redacted.tools.map(
    ({ name, description }) => `${cut(name, TOOL_NAME)}: ${cut(description, TOOL_WORDS)}`,
  );
  const questions: JudgeQuestion[] = [];
  const silent: Record<string, string> = {};
  for (const { rubric, views, why } of plans) {
    if (why !== undefined) silent[rubric.id] = why;
    for (const view of views) {
      const slice = sliceOf(view, run, redacted.goal, tools, plain);
      for (const question of rubric.questions) questions.push(askAbout(rubric, question, slice));
    }
  }
  return { questions, silent };
}

/** The steps that a question shows, ascending, and the one of them that it is about. */
interface StepsShown {
  readonly steps: readonly number[];
  readonly target?: number;
}

interface Plan {
  readonly rubric: Rubric;
  readonly views: readonly StepsShown[];
  /** Why there is nothing to ask. */
  readonly why?: string;
}

function planOf(
  rubric: Rubric,
  run: Run,
  targets: Targets,
  users: readonly number[],
  verdicts: readonly Verdict[],
): Plan {
  const chosen = targets.of(rubric, run, verdicts);
  if (typeof chosen === 'string') return { rubric, views: [], why: chosen };
  const goal = run.goalStep === undefined ? [] : [run.goalStep];
  if (rubric.about === 'run') {
    const last = range(run.steps.length - LAST, run.steps.length);
    const steps = ascending([...goal, ...users.slice(-REQUESTS), ...targets.lastWrites(WRITES), ...last]);
    return { rubric, views: [{ steps }] };
  }
  const views = chosen.map((target) => {
    const before = users.filter((user) => user < target - WINDOW).slice(-REQUESTS);
    const known = goal.filter((step) => step <= target);
    return { steps: ascending([...known, ...before, ...range(target - WINDOW, target + 1)]), target };
  });
  return { rubric, views };
}

function sliceOf(
  { steps, target }: StepsShown,
  run: Run,
  goal: string,
  tools: readonly string[],
  plain: ReadonlyMap<number, JsonObject>,
): Slice {
  const each = Math.min(STEP_BUDGET, Math.floor(BUDGET / (steps.length + 1)));
  const shown = steps.flatMap((step) => {
    const found = plain.get(step);
    if (found === undefined) return [];
    const isTarget = step === target;
    const who = typeof found.who === 'string' ? found.who : 'agent';
    // What came of the step in question is hindsight: whoever took it did not have it.
    return textsOf(step, found, !isTarget, isTarget ? 2 * each : each).map((text) => ({ ...text, who }));
  });
  const goalIsShown = run.goalStep !== undefined && shown.some(({ step }) => step === run.goalStep);
  return {
    ...(!goalIsShown && goal !== '' && { goal }),
    tools,
    ...(target !== undefined && { target }),
    shown,
  };
}

function range(from: number, to: number): number[] {
  const start = Math.max(0, from);
  return Array.from({ length: Math.max(0, to - start) }, (_, i) => start + i);
}

function ascending(steps: readonly number[]): number[] {
  return [...new Set(steps)].sort((a, b) => a - b);
}
