import { type OutputUnit, Validator } from '@cfworker/json-schema';
import type { Action, Step } from '../trace/model.ts';
import { asText, field, isObject, type Json, type JsonObject } from '../util/json.ts';
import { escapePointerPart, resolvePointer } from '../util/pointer.ts';
import type { EvaluationContext } from './context.ts';
import type { Conclusion, Evaluator, Observer } from './evaluator.ts';
import { conclude, MOST_FINDINGS, notApplicable } from './shared/conclude.ts';
import { counted, cut } from './shared/wording.ts';
import type { Finding, Severity } from './verdict.ts';

export const argsInvalid: Evaluator = {
  id: 'action.args-invalid',
  title: 'Arguments break the schema',
  summary: "Arguments are no JSON, or break the tool's JSON Schema.",
  level: 'step',
  severity: 'error',
  needs: ['tool schemas'],
  definition:
    'The arguments of a call are no JSON object, or break the JSON Schema (draft 2020-12 or 7) that the tool was declared with. A number written as text is a warning; an argument that the schema does not know, but does not forbid either, is information. Formats are not checked.',
  notApplicable: 'No called tool has a recorded schema, or arguments are not recorded.',
  falsePositives: 'Providers that accept more than the schema says.',
  defaultThreshold: 'no violation',
  start: (context) => new SchemaCheck(context),
};

class SchemaCheck implements Observer {
  private readonly findings: Finding[] = [];
  private readonly validators = new Map<string, { schema: JsonObject; validator: Validator | undefined }>();
  private checked = 0;
  private unusable: string | undefined;

  constructor(private readonly context: EvaluationContext) {}

  step(step: Step): void {
    for (const [i, action] of step.actions.entries()) {
      if (!action.argumentsRecorded) continue;
      const base = `/actions/${i}`;
      if (action.argumentsProblem !== undefined && (action.rawArguments ?? '').trim() !== '') {
        this.checked++;
        const message = `The arguments of ${action.tool} are no JSON object: ${action.argumentsProblem}`;
        this.add(step.index, `${base}/rawArguments`, message, 'error', action.rawArguments);
        continue;
      }
      const schema = this.context.declarationOf(step, action.tool)?.inputSchema;
      const validator = schema === undefined ? undefined : this.validatorOf(action.tool, schema);
      if (schema === undefined || validator === undefined) continue;
      this.checked++;
      this.validate(step, action, `${base}/arguments`, schema, validator);
    }
  }

  private validate(step: Step, action: Action, base: string, schema: JsonObject, validator: Validator): void {
    let errors: OutputUnit[];
    try {
      errors = validator.validate(action.arguments).errors;
    } catch {
      // A `$ref` that leads nowhere shows only now.
      this.validators.set(action.tool, { schema, validator: undefined });
      this.unusable = action.tool;
      this.checked--;
      return;
    }
    for (const error of leafErrors(errors)) {
      const at = error.instanceLocation.replace(/^#/, '');
      const value = resolvePointer(action.arguments, at);
      const severity: Severity = isCoercible(error, value) ? 'warning' : 'error';
      const message = `${at === '' ? 'The arguments' : at.slice(1)} of ${action.tool}: ${sentence(error.error)}`;
      this.add(step.index, `${base}${at}`, message, severity, value);
    }
    for (const name of unknownNames(action.arguments, schema)) {
      const message = `${action.tool} declares no argument ${name}.`;
      this.add(step.index, `${base}/${escapePointerPart(name)}`, message, 'information', action.arguments[name]);
    }
  }

  private validatorOf(tool: string, schema: JsonObject): Validator | undefined {
    const known = this.validators.get(tool);
    if (known?.schema === schema) return known.validator;
    let validator: Validator | undefined;
    try {
      const draft = /draft-0?([47])/.exec(asText(field(schema, '$schema')) ?? '')?.[1];
      validator = new Validator(checkable(schema), draft === '7' ? '7' : draft === '4' ? '4' : '2020-12', false);
    } catch {
      this.unusable = tool;
    }
    this.validators.set(tool, { schema, validator });
    return validator;
  }

  private add(step: number, pointer: string, message: string, severity: Severity, value: unknown): void {
    if (this.findings.length >= MOST_FINDINGS) return;
    const actual =
      value === undefined ? undefined : cut(typeof value === 'string' ? value : JSON.stringify(value), 100);
    this.findings.push({
      step,
      pointer,
      message,
      evidence: [],
      ...(actual !== undefined && { actual }),
      confidence: 'certain',
      severity,
    });
  }

  finish(): Conclusion {
    const { findings, checked, unusable } = this;
    if (checked === 0) {
      return notApplicable(
        unusable === undefined
          ? 'No called tool has a recorded schema. A trace that lists its tools with their schemas can be checked.'
          : `The schema of ${unusable} can not be used, and no other called tool has one.`,
      );
    }
    const [first] = findings.filter((finding) => finding.severity !== 'information');
    return conclude(
      findings,
      checked,
      first?.message ?? `${counted(checked, 'call')} checked; all keep to their schemas.`,
    );
  }
}

/** Errors that only say that something inside is wrong. */
const CONTAINERS = new Set([
  'properties',
  'items',
  'prefixItems',
  'additionalProperties',
  'patternProperties',
  '$ref',
  '$dynamicRef',
  'allOf',
  'if',
  'dependentSchemas',
  'contains',
]);

/** The errors that name a fault. Of `anyOf` and `oneOf` the whole is the fault, not each choice that did not fit. */
function leafErrors(errors: readonly OutputUnit[]): OutputUnit[] {
  const choices = errors.filter((error) => error.keyword === 'anyOf' || error.keyword === 'oneOf');
  const inChoice = (error: OutputUnit) =>
    choices.some((choice) => choice !== error && error.keywordLocation.startsWith(`${choice.keywordLocation}/`));
  return errors.filter((error) => !CONTAINERS.has(error.keyword) && !inChoice(error));
}

function isCoercible(error: OutputUnit, value: Json | undefined): boolean {
  if (error.keyword !== 'type' || typeof value !== 'string' || value.trim() === '') return false;
  if (/"(?:number|integer)"/.test(error.error)) return Number.isFinite(Number(value));
  return /"boolean"/.test(error.error) && /^(?:true|false)$/i.test(value);
}

/** The validator's own words, as one sentence without the markup of its quotes. */
function sentence(text: string): string {
  const plain = text === 'False boolean schema.' ? 'the schema does not allow it.' : text;
  return cut(plain, 300);
}

function unknownNames(args: JsonObject, schema: JsonObject): string[] {
  const properties = field(schema, 'properties');
  if (!isObject(properties) || schemaCombines(schema)) return [];
  return Object.keys(args).filter((name) => !Object.hasOwn(properties, name));
}

function schemaCombines(schema: JsonObject): boolean {
  const keys = [
    'additionalProperties',
    'patternProperties',
    'allOf',
    'anyOf',
    'oneOf',
    '$ref',
    'unevaluatedProperties',
  ];
  return keys.some((key) => Object.hasOwn(schema, key));
}

/** Type names of other languages, as some tool lists are written with. */
const TYPES: Readonly<Record<string, string>> = {
  dict: 'object',
  float: 'number',
  int: 'integer',
  str: 'string',
  bool: 'boolean',
  list: 'array',
  tuple: 'array',
  none: 'null',
};
const KNOWN_TYPE = /^(?:object|number|integer|string|boolean|array|null)$/;

/**
 * A schema that can be checked safely. It comes from the trace: a pattern with a repeated group could hold the worker
 * for minutes, so it is left out; so are types that nobody knows.
 */
function checkable(schema: Json): JsonObject {
  const clean = (node: Json): Json => {
    if (Array.isArray(node)) return node.map(clean);
    if (!isObject(node)) return node;
    const kept: JsonObject = {};
    for (const [key, value] of Object.entries(node)) {
      if (key === 'format' || key === 'patternProperties') continue;
      if (key === 'pattern' && typeof value === 'string' && isSlow(value)) continue;
      const type =
        key === 'type' && typeof value === 'string' ? (TYPES[value.toLowerCase()] ?? value.toLowerCase()) : undefined;
      if (type === undefined) kept[key] = clean(value);
      else if (KNOWN_TYPE.test(type)) kept[key] = type;
    }
    return kept;
  };
  const cleaned = clean(schema);
  return isObject(cleaned) ? cleaned : {};
}

function isSlow(pattern: string): boolean {
  return pattern.length > 200 || /\)[*+{?]/.test(pattern) || /[*+}][*+{]/.test(pattern);
}
