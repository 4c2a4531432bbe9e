import { Environment } from '@marcbachmann/cel-js';
import type { Json } from '../util/json.ts';
import { err, messageOf, ok, type Result } from '../util/result.ts';
import type { Step } from './model.ts';
import { scopesOf, VARIABLES } from './stepVariables.ts';

/**
 * Conditions, watches and policies are written in CEL, the Common Expression Language (github.com/google/cel-spec):
 * no loops, no side effects, always ends. `tool == "bash" && observation.isError`.
 */
export interface Condition {
  readonly expression: string;
  /** True when the expression is true for the step, or for one of its actions. A key that is missing makes it false. */
  holds(step: Step): boolean;
}

type Evaluate = (scope: Record<string, unknown>) => unknown;

const environment = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false });

/** Parses a condition. The error is a sentence that names what is wrong and, for an unknown name, the known ones. */
export function parseCondition(expression: string): Result<Condition> {
  const parsed = parse(expression);
  if (!parsed.ok) return parsed;
  return ok({
    expression,
    holds: (step) => scopesOf(step).some((scope) => isTrue(parsed.value, scope)),
  });
}

/** The value of an expression at a step (of its first action), for watches. */
export function evaluateAt(expression: string, step: Step): Result<Json> {
  const parsed = parse(expression);
  if (!parsed.ok) return parsed;
  try {
    return ok(toJson(parsed.value(scopesOf(step)[0] ?? {})));
  } catch (thrown) {
    return err(firstLine(thrown));
  }
}

function parse(expression: string): Result<Evaluate> {
  if (expression.trim() === '') return err('The expression is empty. Try: tool == "bash" && observation.isError');
  try {
    const evaluate = environment.parse(expression) as unknown as Evaluate;
    return checkNames(expression, evaluate);
  } catch (thrown) {
    return err(`"${expression}" is no expression: ${firstLine(thrown)}`);
  }
}

/** Tries the expression on an empty step: a misspelt variable shows there, a missing key is no fault. */
function checkNames(expression: string, evaluate: Evaluate): Result<Evaluate> {
  try {
    evaluate(VARIABLES);
  } catch (thrown) {
    const unknown = /Unknown variable: (\S+)/.exec(messageOf(thrown))?.[1];
    if (unknown !== undefined) {
      const names = Object.keys(VARIABLES).join(', ');
      return err(`"${expression}": there is no variable ${unknown}. There are: ${names}.`);
    }
  }
  return ok(evaluate);
}

function isTrue(evaluate: Evaluate, scope: Record<string, unknown>): boolean {
  try {
    return evaluate(scope) === true;
  } catch {
    return false;
  }
}

function firstLine(thrown: unknown): string {
  return messageOf(thrown).split('\n')[0] ?? '';
}

/** CEL's integers are BigInts, which no message can carry. */
function toJson(value: unknown): Json {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Map) return toJson(Object.fromEntries(value));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toJson(member)]));
  }
  return value === undefined || typeof value === 'function' || typeof value === 'symbol' ? null : (value as Json);
}
