import { ValueIndex } from '../provenance/valueIndex.ts';
import type { Action, Run, Step, ToolDeclaration } from '../trace/model.ts';
import { asArray, asFilledText, at, field, isObject } from '../util/json.ts';
import { type Classified, type Effect, effectOf } from './effects.ts';
import type { Policy } from './policy/policy.ts';
import { thresholdOf } from './policy/ruling.ts';
import { ownReference, type Reference } from './reference.ts';
import { bareToolName } from './shared/toolNames.ts';

export type { Effect } from './effects.ts';

/** What evaluators may ask besides the steps that pass by. One for each run. */
export interface EvaluationContext {
  readonly run: Run;
  readonly policy?: Policy;
  /** The calls that should have been made: those that were given, else those that the trace itself names. */
  readonly reference?: Reference;
  /** Effect class of an action: policy, tool annotations, arguments (HTTP, SQL, shell), then the verbs of its name. */
  effectOf(action: Action): Effect;
  /** The same, with what it was told by. */
  classify(action: Action): Classified;
  /** Where the run's values stood, of the steps added so far. Whoever asks adds each step first; adding twice is harmless. */
  readonly values: ValueIndex;
  /** The number that the policy sets for an evaluator, else the evaluator's own. */
  threshold(evaluator: string, otherwise: number): number;
  /**
   * The tools that a step could call: the run's, and those in the step's own request; the policy's list when the trace
   * has none; else undefined.
   */
  declaredTools(step: Step): readonly ToolDeclaration[] | undefined;
  /** The declaration of a tool, by its full name or without its server's prefix. */
  declarationOf(step: Step, tool: string): ToolDeclaration | undefined;
}

/** The context of one run, for the engine (which gives `values` the steps again that they miss) and for tests. */
export function contextFor(
  run: Run,
  policy?: Policy,
  rereads = false,
  reference: Reference | undefined = ownReference(run),
): EvaluationContext {
  const classes = new WeakMap<Action, Classified>();
  let values: ValueIndex | undefined;
  const listed = new Map((policy?.toolList ?? []).map((tool) => [tool.name, tool]));
  const declared = new Map((run.tools ?? []).map((tool) => [tool.name, tool]));
  const declaredTools = (step: Step): readonly ToolDeclaration[] | undefined => {
    const requested = toolsOfRequest(step);
    if (requested.length === 0) return run.tools ?? policy?.toolList;
    return [...(run.tools ?? []), ...requested];
  };
  /** What the trace says of a tool, with the schema that the policy's list knows where the trace has only a name. */
  const declarationOf = (step: Step, tool: string): ToolDeclaration | undefined => {
    const bare = bareToolName(tool);
    const known =
      declared.get(tool) ??
      declared.get(bare) ??
      declaredTools(step)?.find((t) => t.name === tool || bareToolName(t.name) === bare);
    const ours = listed.get(tool) ?? listed.get(bare);
    return known?.inputSchema === undefined && ours !== undefined ? { ...known, ...ours } : known;
  };
  const classify = (action: Action): Classified => {
    const known = classes.get(action);
    if (known !== undefined) return known;
    const made = effectOf(action, policy, declared.get(action.tool) ?? listed.get(action.tool));
    classes.set(action, made);
    return made;
  };
  return {
    run,
    ...(policy !== undefined && { policy }),
    ...(reference !== undefined && { reference }),
    get values() {
      values ??= new ValueIndex(run, rereads);
      return values;
    },
    classify,
    effectOf: (action) => classify(action).effect,
    declaredTools,
    declarationOf,
    threshold: (evaluator, otherwise) => thresholdOf(policy, evaluator, otherwise),
  };
}

/** Tool declarations in a recorded request: OpenAI's `{function: {name, parameters}}`, Anthropic's `{name, input_schema}`. */
function toolsOfRequest(step: Step): ToolDeclaration[] {
  return asArray(field(step.request, 'tools')).flatMap((tool) => {
    const name = asFilledText(at(tool, 'function', 'name')) ?? asFilledText(field(tool, 'name'));
    if (name === undefined) return [];
    const schema = at(tool, 'function', 'parameters') ?? field(tool, 'input_schema') ?? field(tool, 'parameters');
    return [{ name, ...(isObject(schema) && { inputSchema: schema }) }];
  });
}
