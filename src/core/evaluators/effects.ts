import type { Action, ToolDeclaration } from '../trace/model.ts';
import { field } from '../util/json.ts';
import { effectOfArguments } from './effectArguments.ts';
import { effectOfElement, effectOfName } from './effectNames.ts';
import type { Policy } from './policy/policy.ts';
import { toolPolicy } from './policy/toolPolicy.ts';

/** How an action changes the world. What is `unknown` is never treated as a write. */
export type Effect = 'read' | 'write' | 'irreversible' | 'unknown';

export interface Classified {
  readonly effect: Effect;
  /** By what it was told, to end a sentence: `the policy says so`, `its command runs rm`. */
  readonly because: string;
  /** True when the action hands over money: it then needs approval even where no person takes part. */
  readonly spends?: boolean;
}

/**
 * The effect class of an action, by the strongest evidence there is: the team's policy; what the trace or the tool's
 * declaration says (MCP ToolAnnotations); a shell command, SQL or an HTTP method in the arguments; the verbs of the
 * tool's name or of the element that was clicked.
 */
export function effectOf(action: Action, policy?: Policy, declaration?: ToolDeclaration): Classified {
  const ruled = toolPolicy(policy, action.tool)?.effect;
  if (ruled !== undefined) return { effect: ruled, because: 'the policy says so' };
  if (action.effect !== undefined) return { effect: action.effect, because: 'the trace says so' };
  const annotated = effectOfAnnotations(declaration);
  if (annotated !== undefined) return annotated;
  return effectOfArguments(action) ?? effectOfElement(action) ?? effectOfName(action.tool);
}

/**
 * MCP ToolAnnotations (schema 2026-07-28). `readOnlyHint: false` alone is not taken for "destructive", although that
 * is the default there: common servers set that one hint on every tool, and the verbs of the name tell more.
 */
function effectOfAnnotations(declaration: ToolDeclaration | undefined): Classified | undefined {
  const annotations = declaration?.annotations;
  if (field(annotations, 'readOnlyHint') === true)
    return { effect: 'read', because: 'the tool is annotated read-only' };
  const destructive = field(annotations, 'destructiveHint');
  if (destructive === true) return { effect: 'irreversible', because: 'the tool is annotated destructive' };
  if (destructive === false) return { effect: 'write', because: 'the tool is annotated as not destructive' };
  return undefined;
}
