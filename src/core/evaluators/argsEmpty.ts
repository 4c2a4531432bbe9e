import { hasPlaceholder } from '../redact/placeholders.ts';
import type { Action, Step } from '../trace/model.ts';
import { asArray, asText, field, isObject, type Json, type JsonObject } from '../util/json.ts';
import { escapePointerPart } from '../util/pointer.ts';
import type { EvaluationContext } from './context.ts';
import type { Conclusion, Evaluator, Observer } from './evaluator.ts';
import { conclude, MOST_FINDINGS, notApplicable } from './shared/conclude.ts';
import { counted } from './shared/wording.ts';
import type { Finding, Severity } from './verdict.ts';

export const argsEmpty: Evaluator = {
  id: 'action.args-empty',
  title: 'Empty tool arguments',
  summary: 'A required argument is missing, blank or a placeholder.',
  level: 'step',
  severity: 'error',
  needs: ['tool schemas (sharpens)'],
  definition:
    'An argument that the tool requires is absent, null, blank or a placeholder (`<id>`, `TODO`, `undefined`). Without a schema: a call with no arguments at all is a warning when the same tool has arguments elsewhere in the run, and so is a placeholder.',
  notApplicable: 'The trace does not record arguments, or only tools that take none were called.',
  falsePositives:
    'Tools whose arguments are all optional though they look as if they were not, where no schema is recorded.',
  defaultThreshold: 'no such argument',
  start: (context) => new EmptyArguments(context),
};

/** An empty text is a meaning of its own under these: an empty file, a deletion. */
const MAY_BE_BLANK = /^(?:content|contents|text|body|value|new_?str(?:ing)?|replacement|file_text|message|default)$/i;
const PLACEHOLDER =
  /^(?:<[a-z][a-z0-9_ -]{0,40}>|\{\{[^{}]{0,40}\}\}|\$\{[^{}]{0,40}\}|todo|tbd|undefined|n\/a|placeholder|your[-_ ]?\w+[-_ ](?:here|id|key|name|email|token)|x{3,}|\.\.\.)$/i;
const NAMED_NOTHING = /^(?:null|none|string|unknown)$/i;

class EmptyArguments implements Observer {
  private readonly findings: Finding[] = [];
  private readonly filledTools = new Set<string>();
  private readonly bare: { readonly tool: string; readonly step: number; readonly action: number }[] = [];
  private recorded = false;
  private actions = 0;
  private checked = 0;

  constructor(private readonly context: EvaluationContext) {}

  step(step: Step): void {
    for (const [i, action] of step.actions.entries()) {
      this.actions++;
      if (!action.argumentsRecorded) continue;
      this.recorded = true;
      // What is no JSON at all is the business of action.args-invalid.
      if (action.argumentsProblem !== undefined && (action.rawArguments ?? '').trim() !== '') continue;
      const schema = this.context.declarationOf(step, action.tool)?.inputSchema;
      if (schema === undefined) this.withoutSchema(step, action, i);
      else this.withSchema(step, action, i, schema);
    }
  }

  private withSchema(step: Step, action: Action, i: number, schema: JsonObject): void {
    const properties = field(schema, 'properties');
    const required = asArray(field(schema, 'required')).filter((name) => typeof name === 'string');
    if (required.length === 0 && (!isObject(properties) || Object.keys(properties).length === 0)) return;
    this.checked++;
    for (const name of required) {
      const value = field(action.arguments, name);
      const fault = faultOf(name, value, field(properties, name));
      if (fault === undefined) continue;
      const base = `/actions/${i}/arguments`;
      const pointer = value === undefined ? base : `${base}/${escapePointerPart(name)}`;
      this.add(step.index, pointer, `${action.tool} requires ${name}, which is ${fault.what}.`, fault.severity, value);
    }
  }

  private withoutSchema(step: Step, action: Action, i: number): void {
    const names = Object.keys(action.arguments);
    if (names.length === 0) {
      // What a user-interface action is aimed at can stand beside its arguments.
      if (action.target === undefined) this.bare.push({ tool: action.tool, step: step.index, action: i });
      return;
    }
    this.filledTools.add(action.tool);
    this.checked++;
    for (const name of names) {
      const value = action.arguments[name];
      if (typeof value !== 'string' || !isPlaceholder(value.trim())) continue;
      if (value === action.target?.element) continue; // The label of an element is as the page has it.
      const pointer = `/actions/${i}/arguments/${escapePointerPart(name)}`;
      this.add(
        step.index,
        pointer,
        `${name} of ${action.tool} is the placeholder "${value.trim()}".`,
        'warning',
        value,
      );
    }
  }

  private add(step: number, pointer: string, message: string, severity: Severity, value: Json | undefined): void {
    if (this.findings.length >= MOST_FINDINGS) return;
    this.findings.push({
      step,
      pointer,
      message,
      evidence: [],
      ...(value !== undefined && { actual: JSON.stringify(value).slice(0, 100) }),
      confidence: severity === 'error' ? 'certain' : 'heuristic',
      severity,
    });
  }

  finish(): Conclusion {
    if (this.actions === 0) return notApplicable('No tool was called.');
    if (!this.recorded) return notApplicable('The trace does not record the arguments of its calls.');
    for (const { tool, step, action } of this.bare) {
      if (!this.filledTools.has(tool)) continue;
      this.checked++;
      const message = `${tool} was called without arguments; elsewhere in this run it has some.`;
      this.add(step, `/actions/${action}/arguments`, message, 'warning', undefined);
    }
    if (this.checked === 0)
      return notApplicable('Only tools that take no arguments were called, as far as the trace tells.');
    const findings = this.findings.sort((a, b) => a.step - b.step);
    const reason = findings[0]?.message ?? `${counted(this.checked, 'call')} checked; every argument needed is there.`;
    return conclude(findings, this.checked, reason);
  }
}

function faultOf(
  name: string,
  value: Json | undefined,
  schema: Json | undefined,
): { what: string; severity: Severity } | undefined {
  if (value === undefined) return { what: 'absent', severity: 'error' };
  if (asArray(field(schema, 'enum')).includes(value)) return undefined;
  if (value === null) return allowsNull(schema) ? undefined : { what: 'null', severity: 'error' };
  if (Array.isArray(value) && value.length === 0) return undefined;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (text === '') return MAY_BE_BLANK.test(name) ? undefined : { what: 'blank', severity: 'error' };
  if (isPlaceholder(text)) return { what: `the placeholder "${text}"`, severity: 'error' };
  return NAMED_NOTHING.test(text) ? { what: `only the word "${text}"`, severity: 'warning' } : undefined;
}

/** Not so what Hindstep puts in a secret's place: that was a value once. */
function isPlaceholder(text: string): boolean {
  return PLACEHOLDER.test(text) && !hasPlaceholder(text);
}

function allowsNull(schema: Json | undefined): boolean {
  const type = field(schema, 'type');
  if (type === 'null' || field(schema, 'nullable') === true) return true;
  if (Array.isArray(type)) return type.includes('null');
  const options = [...asArray(field(schema, 'anyOf')), ...asArray(field(schema, 'oneOf'))];
  return (
    options.some((option) => asText(field(option, 'type')) === 'null') || (type === undefined && options.length === 0)
  );
}
