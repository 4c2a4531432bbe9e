import { contextFor } from '../../../src/core/evaluators/context.ts';
import { failed, isWrite, observationText } from '../../../src/core/evaluators/shared/actions.ts';
import type { Step } from '../../../src/core/trace/model.ts';
import { partsText } from '../../../src/core/trace/stepText.ts';
import { type LabelledRun, recordOf } from './labelledRun.ts';
import type { Guess } from './locating.ts';

/** Rules that take a line each; what they reach is what any finder of failing steps has to beat. */

/** Always the same record of the list. */
export function constant(index: number): Guess {
  return ({ stepOf }) => Math.min(index, stepOf.length - 1);
}

/** The record that is labelled most often: the best that a constant can do on these very runs. */
export function commonest(runs: readonly LabelledRun[]): number {
  const counts = new Map<number, number>();
  for (const { label } of runs) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? 0;
}

/** The agent's step before the first step that shows an error (that step itself when it made the call); else a constant. */
export function causeOfFirstError(index: number): Guess {
  return (run) => {
    const error = run.steps.findIndex(showsError);
    if (error < 0) return constant(index)(run);
    const own = (run.steps[error]?.actions ?? []).some((action) => action.argumentsRecorded);
    return recordOf(run.stepOf, own ? error : Math.max(0, error - 1));
  };
}

/** The first step that shows an error. */
export const firstError: Guess = (run) => {
  const error = run.steps.findIndex(showsError);
  return error < 0 ? undefined : recordOf(run.stepOf, error);
};

/** The third step that is a tool's, or the last of them. */
export const thirdToolStep: Guess = (run) => {
  const tools = run.steps.filter(isToolStep);
  const third = tools[2] ?? tools.at(-1);
  return third === undefined ? undefined : recordOf(run.stepOf, third.index);
};

/** The first call that changes something, else the last step of the agent. */
export const firstWrite: Guess = (run) => {
  const context = contextFor(run.run);
  const write = run.steps.find((step) => step.actions.some((action) => isWrite(context.effectOf(action))));
  const last = run.steps.findLast(({ kind }) => kind !== 'user' && kind !== 'system');
  const step = write ?? last;
  return step === undefined ? undefined : recordOf(run.stepOf, step.index);
};

/** A call's step, or that of an agent in a team which works with tools and tells what it saw. */
function isToolStep(step: Step): boolean {
  return step.actions.length > 0 || /surfer|terminal|executor/i.test(step.agent ?? '');
}

const ERROR =
  /Traceback \(most recent call last\)|\b(?:\w+Error|\w+Exception):|\berror\b.{0,40}\b(?:occurred|processing)/i;

export function showsError(step: Step): boolean {
  if (step.kind === 'user' || step.kind === 'system') return false;
  if (step.actions.some(failed)) return true;
  const said = [step.thought ?? '', partsText(step.message ?? []), ...step.actions.map(observationText)].join('\n');
  return ERROR.test(said);
}
