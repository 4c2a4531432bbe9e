import type { ToolDeclaration } from '../../trace/model.ts';
import { guardedRegExp } from '../../util/guardedRegExp.ts';
import { asFilledText, at, field, isObject, type Json } from '../../util/json.ts';
import { EVALUATORS } from '../registry.ts';
import {
  type ArgumentRule,
  type BudgetPolicy,
  type EvaluatorPolicy,
  type HostsPolicy,
  POLICY_EFFECTS,
  type Policy,
  type PolicyFile,
  type PolicyOverride,
  type Price,
  type Requirement,
  type StopPolicy,
  type ToolPolicy,
} from './policy.ts';
import {
  anything,
  eitherOf,
  type Field,
  flag,
  listOf,
  number,
  objectOf,
  oneOf,
  readAs,
  recordOf,
  type Shape,
  text,
} from './shape.ts';

/** Every field of a policy, declared once: the reader and the JSON Schema are made of this. */

const toolName = text('the name of a tool');
const toolNames = listOf(toolName, 'tool names');
const amount = number('a number of 0 or more', 0);

const pattern: Shape<RegExp> = {
  ...readAs(text('a regular expression'), (source) => {
    const made = guardedRegExp(source);
    return made.ok ? { value: made.value } : { problem: made.error };
  }),
  schema: { type: 'string', format: 'regex', maxLength: 300 },
};

const argumentRule = objectOf<ArgumentRule>({
  required: { shape: flag, words: 'Whether the argument must be given.' },
  matches: { shape: pattern, words: 'A regular expression that must be found in the value.' },
  notMatches: { shape: pattern, words: 'A regular expression that must not be found in the value.' },
  oneOf: { shape: listOf(anything, 'values'), words: 'The only values that are right.' },
  notOneOf: { shape: listOf(anything, 'values'), words: 'Values that are wrong.' },
  min: { shape: number('a number'), words: 'The least number that is right.' },
  max: { shape: number('a number'), words: 'The greatest number that is right.' },
});

const requirement = objectOf<Requirement>({
  anyOf: { shape: toolNames, words: 'One of these tools must have succeeded before.' },
  same: {
    shape: listOf(text('the name of an argument'), 'argument names'),
    words: 'Arguments whose values that earlier call must share with this one.',
  },
});

const tool = objectOf<ToolPolicy>({
  effect: {
    shape: oneOf(POLICY_EFFECTS),
    words: 'What a call does: it only reads, it changes something, or it can not be undone.',
  },
  requiresApproval: {
    shape: flag,
    words: 'Whether each call needs the approval of a person. Left out: when it is irreversible.',
  },
  inverse: { shape: toolName, words: 'The tool that undoes this one.' },
  requiresReversal: { shape: flag, words: 'Whether a call that nothing can undo is an error.' },
  openWorld: { shape: flag, words: 'Whether it reaches beyond your own systems: no secret must go there.' },
  after: { shape: listOf(requirement, 'requirements'), words: 'What must have been done before each call.' },
  mostCalls: { shape: amount, words: 'How many calls of one run may succeed.' },
  arguments: {
    shape: recordOf(argumentRule, 'argument names, or JSON pointers into the arguments, to what the values must be'),
    words: 'What arguments must be: by name, or by a JSON pointer such as "/items/0/sku".',
  },
});

const hosts = objectOf<HostsPolicy>({
  allow: {
    shape: listOf(text('a host'), 'hosts'),
    words: 'The only hosts that tools may be pointed at; "*.example.com" is every host below it.',
  },
  deny: { shape: listOf(text('a host'), 'hosts'), words: 'Hosts that no tool may be pointed at.' },
});

const stop = objectOf<StopPolicy>({
  tools: { shape: toolNames, words: 'Tools whose call ends the turn.' },
  labels: { shape: listOf(text('a label'), 'labels'), words: 'Labels of steps that end the turn.' },
  texts: { shape: listOf(pattern, 'regular expressions'), words: 'What is said when the turn is over.' },
});

const budgets = objectOf<BudgetPolicy>({
  cost: { shape: amount, words: 'USD that one run may cost.' },
  tokens: { shape: amount, words: 'Tokens that one run may take, in and out.' },
  steps: { shape: amount, words: 'Steps that one run may take.' },
  duration: { shape: amount, words: 'Milliseconds from the start of a run to its end.' },
  actionLatency: { shape: amount, words: 'Milliseconds that each action may take.' },
  repeats: { shape: amount, words: 'Actions that may repeat an earlier one of the run.' },
});

const price = objectOf<Price>({
  input: { shape: amount, words: 'USD for a million tokens of input.' },
  output: { shape: amount, words: 'USD for a million tokens of output.' },
  cached: { shape: amount, words: 'USD for a million tokens of input that was cached.' },
});

const severity = oneOf(['off', 'error', 'warning', 'information'] as const);
const evaluatorSettings = eitherOf<EvaluatorPolicy>(
  (node) => node.type === 'string',
  readAs(severity, (value) => ({ value: { severity: value } })),
  objectOf<EvaluatorPolicy>({
    severity: { shape: severity, words: '"off", or what its errors and warnings become.' },
    threshold: { shape: number('a number'), words: 'Its threshold, where docs/evaluators.md says that it has one.' },
  }),
);
const evaluator: Shape<EvaluatorPolicy> = {
  schema: evaluatorSettings.schema,
  read: (node, id, say) => {
    const read = evaluatorSettings.read(node, id, say);
    const known = EVALUATORS.find((one) => one.id === id);
    if (read?.threshold !== undefined && known !== undefined && known.threshold === undefined) {
      say(node, `"${id}" has no threshold that could be set.`);
    }
    return read;
  },
};
const evaluatorIds = {
  /** Evaluators of the workspace have names of their own; a name of a built-in family must be one of it. */
  schema: { anyOf: [{ enum: EVALUATORS.map(({ id }) => id) }, { not: { pattern: `^(${families().join('|')})\\.` } }] },
  check: (id: string) => {
    const family = `${id.split('.')[0]}.`;
    const siblings = EVALUATORS.filter((one) => one.id.startsWith(family)).map((one) => `"${one.id}"`);
    if (siblings.length === 0 || siblings.includes(`"${id}"`)) return undefined;
    return `There is no evaluator "${id}"; there are ${siblings.join(', ')}.`;
  },
};

function families(): string[] {
  return [...new Set(EVALUATORS.map(({ id }) => id.split('.')[0] ?? ''))];
}

const declaration: Shape<ToolDeclaration> = {
  ...readAs(anything, (value) => {
    const read = declarationIn(value);
    return read === undefined ? { problem: 'A tool of the list must be an object with a "name".' } : { value: read };
  }),
  schema: {
    type: 'object',
    description: 'A tool as MCP, OpenAI or Anthropic declares it.',
    properties: {
      name: { type: 'string' },
      description: { type: 'string' },
      inputSchema: { type: 'object' },
      annotations: { type: 'object' },
      function: { type: 'object' },
    },
  },
};

/** MCP's `{name, inputSchema}`, Anthropic's `{name, input_schema}`, OpenAI's `{function: {name, parameters}}`. */
function declarationIn(value: Json): ToolDeclaration | undefined {
  const of = isObject(field(value, 'function')) ? field(value, 'function') : value;
  const name = asFilledText(field(of, 'name'));
  if (name === undefined) return undefined;
  const schema = field(of, 'inputSchema') ?? field(of, 'input_schema') ?? field(of, 'parameters');
  const description = asFilledText(field(of, 'description'));
  const annotations = at(value, 'annotations');
  return {
    name,
    ...(description !== undefined && { description }),
    ...(isObject(schema) && { inputSchema: schema }),
    ...(isObject(annotations) && { annotations }),
  };
}

const everywhere: { readonly [K in keyof Policy]-?: Field<Exclude<Policy[K], undefined>> } = {
  tools: { shape: recordOf(tool, 'tool names to what is known of them'), words: 'What is known of tools, by name.' },
  deny: { shape: toolNames, words: 'Tools that must never be called; "*" stands for any characters.' },
  allow: { shape: toolNames, words: 'The only tools that may be called; "*" stands for any characters.' },
  hosts: { shape: hosts, words: 'Hosts that tools may or must not be pointed at.' },
  toolList: { shape: listOf(declaration, 'tools'), words: "The agent's tools, for traces that don't list them." },
  stop: { shape: stop, words: 'After one of these nothing may happen until the user speaks.' },
  budgets: { shape: budgets, words: 'The most that one run may take.' },
  prices: { shape: recordOf(price, 'model names to prices'), words: 'USD for a million tokens, by model.' },
  evaluators: {
    shape: recordOf(evaluator, 'ids of evaluators to a severity or settings', evaluatorIds),
    words: 'Evaluators that are off or graver, and their thresholds, by id.',
  },
};

const override = objectOf<PolicyOverride>({
  files: {
    shape: listOf(text('a glob'), 'globs'),
    words: 'Trace files that this holds for: globs relative to the folder of this file.',
  },
  ...everywhere,
});

export const policyFields = objectOf<PolicyFile>({
  ...everywhere,
  overrides: {
    shape: listOf(override, 'overrides'),
    words: 'What holds for some traces only; later ones are stronger.',
  },
});
