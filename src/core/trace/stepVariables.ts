import type { Json } from '../util/json.ts';
import type { Action, Step } from './model.ts';
import { partsText } from './stepText.ts';

/** The variables that an expression can use, with the values of a step that has nothing. */
export const VARIABLES: Readonly<Record<string, unknown>> = {
  tool: '',
  arguments: {},
  observation: { text: '', isError: false, errorType: '', exitCode: 0n, duration: 0n },
  effect: '',
  callId: '',
  tools: [],
  kind: '',
  index: 0n,
  label: '',
  agent: '',
  depth: 0n,
  status: '',
  thought: '',
  message: '',
  model: '',
  finishReason: '',
  tokens: 0n,
  cost: 0,
  duration: 0n,
};

/** One scope for each action of the step (one without an action when it has none). */
export function scopesOf(step: Step): Record<string, unknown>[] {
  const shared: Record<string, unknown> = {
    ...VARIABLES,
    tools: [...step.tools],
    kind: step.kind,
    index: BigInt(step.index),
    label: step.label ?? '',
    agent: step.agent ?? '',
    depth: BigInt(step.depth),
    status: step.status,
    thought: step.thought ?? '',
    message: partsText(step.message ?? []),
    model: step.model ?? '',
    finishReason: step.finishReason ?? '',
    tokens: number(step.tokens),
    cost: step.cost ?? 0,
    duration: number(durationOf(step)),
  };
  if (step.actions.length === 0) return [shared];
  return step.actions.map((action) => ({ ...shared, ...actionScope(action) }));
}

function actionScope(action: Action): Record<string, unknown> {
  const { observation } = action;
  return {
    tool: action.tool,
    arguments: toCel(action.arguments),
    effect: action.effect ?? '',
    callId: action.callId ?? '',
    observation: {
      text: partsText(observation?.content ?? []),
      isError: observation?.isError ?? false,
      errorType: observation?.errorType ?? '',
      exitCode: number(observation?.exitCode),
      duration: number(observation?.duration ?? durationOf(action)),
    },
  };
}

function durationOf(timed: { startTime?: number; endTime?: number }): number | undefined {
  const { startTime, endTime } = timed;
  return startTime === undefined || endTime === undefined ? undefined : endTime - startTime;
}

/** Whole numbers become CEL's int, so that `index + 1` and `arguments.count * 2` mean what they say. */
function number(value: number | undefined): number | bigint {
  if (value === undefined) return 0n;
  return Number.isSafeInteger(value) ? BigInt(value) : value;
}

function toCel(value: Json): unknown {
  if (typeof value === 'number') return number(value);
  if (Array.isArray(value)) return value.map(toCel);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toCel(member)]));
  }
  return value;
}
