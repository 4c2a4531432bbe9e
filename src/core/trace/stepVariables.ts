import type { Json } from '../util/json.ts';
import { actionDuration, durationBetween } from './duration.ts';
import type { Action, Step, StepRow } from './model.ts';
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

/** Those of them that the row of a step knows. */
export const ROW_VARIABLES: ReadonlySet<string> = new Set([
  'tool',
  'tools',
  'kind',
  'index',
  'label',
  'agent',
  'depth',
  'status',
  'tokens',
  'cost',
  'duration',
]);

/** The scopes of a step as far as its row knows them: the rest is as in a step that has nothing. */
export function rowScopesOf(row: StepRow): Record<string, unknown>[] {
  const shared = sharedScope(row);
  return row.tools.length === 0 ? [shared] : row.tools.map((tool) => ({ ...shared, tool }));
}

function sharedScope(row: StepRow): Record<string, unknown> {
  return {
    ...VARIABLES,
    tools: [...row.tools],
    kind: row.kind,
    index: BigInt(row.index),
    label: row.label ?? '',
    agent: row.agent ?? '',
    depth: BigInt(row.depth),
    status: row.status,
    tokens: number(row.tokens),
    cost: row.cost ?? 0,
    duration: number(durationBetween(row.startTime, row.endTime)),
  };
}

/** One scope for each action of the step (one without an action when it has none). */
export function scopesOf(step: Step): Record<string, unknown>[] {
  const shared: Record<string, unknown> = {
    ...sharedScope(step),
    thought: step.thought ?? '',
    message: partsText(step.message ?? []),
    model: step.model ?? '',
    finishReason: step.finishReason ?? '',
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
      duration: number(actionDuration(action)),
    },
  };
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
