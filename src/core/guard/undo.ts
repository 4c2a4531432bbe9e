import type { Policy } from '../evaluators/policy/policy.ts';
import { toolPolicy } from '../evaluators/policy/toolPolicy.ts';
import { inverseAmong } from '../evaluators/shared/inverses.ts';
import { bareToolName } from '../evaluators/shared/toolNames.ts';
import type { Action, ToolDeclaration } from '../trace/model.ts';
import { asArray, field, isObject, type Json, type JsonObject, tryParse } from '../util/json.ts';

/** The call that would take another back. It is only ever recorded: nobody but a person makes it. */
export interface UndoCall {
  readonly tool: string;
  /** Filled from fields of the same names, of the call and of its answer. */
  readonly arguments: JsonObject;
  /** Required arguments for which nothing was found. */
  readonly missing?: readonly string[];
}

/** Longer answers are not looked into. */
const LONGEST = 1_000_000;

/** What would undo a call that worked: the policy's `inverse`, else a declared tool that by its name does. */
export function undoOf(
  policy: Policy,
  action: Action,
  declared: readonly ToolDeclaration[],
  answer: Json | undefined,
): UndoCall | undefined {
  const tool = toolPolicy(policy, action.tool)?.inverse ?? inverseAmong(action.tool, declared);
  if (tool === undefined) return undefined;
  const schema = declared.find(({ name }) => name === tool || bareToolName(name) === tool)?.inputSchema;
  const properties = field(schema, 'properties');
  // Without a schema nobody knows which arguments it takes: those of the call are the best guess.
  if (!isObject(properties)) return { tool, arguments: action.arguments };
  const known = [action.arguments, ...bodiesOf(answer)];
  const filled = Object.keys(properties).flatMap((name): [string, Json][] => {
    const value = known.map((body) => field(body, name)).find((found) => found !== undefined);
    return value === undefined ? [] : [[name, value]];
  });
  const given = new Set(filled.map(([name]) => name));
  const missing = asArray(field(schema, 'required')).filter(
    (name): name is string => typeof name === 'string' && !given.has(name),
  );
  return { tool, arguments: Object.fromEntries(filled), ...(missing.length > 0 && { missing }) };
}

/** The objects of an MCP result: its structured content, and texts that are JSON; of each also those one level inside. */
function bodiesOf(result: Json | undefined): JsonObject[] {
  const texts = asArray(field(result, 'content')).map((part) => field(part, 'text'));
  const bodies = [
    field(result, 'structuredContent'),
    ...texts.map((text) => (typeof text === 'string' && text.length < LONGEST ? tryParse(text) : undefined)),
  ].filter(isObject);
  return bodies.flatMap((body) => [body, ...Object.values(body).filter(isObject)]);
}
