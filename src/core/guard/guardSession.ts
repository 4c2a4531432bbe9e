import { effectOf } from '../evaluators/effects.ts';
import { CallHistory } from '../evaluators/policy/history.ts';
import type { Policy } from '../evaluators/policy/policy.ts';
import { namesTool, toolPolicy } from '../evaluators/policy/toolPolicy.ts';
import { failed } from '../evaluators/shared/actions.ts';
import { bareToolName } from '../evaluators/shared/toolNames.ts';
import type { Action, ContentPart, ToolDeclaration } from '../trace/model.ts';
import { asArray, asFilledText, field, isObject, type Json, type JsonObject } from '../util/json.ts';
import { type Decision, decide } from './decide.ts';
import { type UndoCall, undoOf } from './undo.ts';

/** What came of a call that was made. Without an answer nobody knows whether it took effect. */
export interface Settled {
  readonly result: 'ok' | 'error' | 'unknown';
  readonly undo?: UndoCall;
}

/** One session of an agent with a server of tools: what was declared, and what has succeeded. */
export class GuardSession {
  private readonly history: CallHistory;
  private readonly declared = new Map<string, ToolDeclaration>();

  constructor(private readonly policy: Policy) {
    this.history = new CallHistory(policy);
    for (const tool of policy.toolList ?? []) this.declared.set(tool.name, tool);
  }

  /** Takes note of the result of MCP's `tools/list`. */
  declare(result: Json | undefined): void {
    for (const tool of asArray(field(result, 'tools'))) {
      const name = asFilledText(field(tool, 'name'));
      if (name === undefined) continue;
      const [inputSchema, annotations] = [field(tool, 'inputSchema'), field(tool, 'annotations')];
      this.declared.set(name, {
        name,
        ...(isObject(inputSchema) && { inputSchema }),
        ...(isObject(annotations) && { annotations }),
      });
    }
  }

  decide(tool: string, args: JsonObject): Decision {
    return decide({
      policy: this.policy,
      action: actionOf(tool, args),
      declaration: this.declarationOf(tool),
      history: this.history,
    });
  }

  /** True for a tool whose calls the policy counts: whether one may be made is known only when those before it have ended. */
  isCounted(tool: string): boolean {
    return toolPolicy(this.policy, tool)?.mostCalls !== undefined;
  }

  /** A call was made; `answer` is an MCP result, `'error'` when the protocol failed, undefined when no answer came. */
  settle(tool: string, args: JsonObject, answer: Json | 'error' | undefined): Settled {
    const action = actionOf(tool, args, answer);
    this.history.add({ actions: [action] });
    if (answer === undefined) return { result: 'unknown' };
    if (failed(action)) return { result: 'error' };
    const isRead = effectOf(action, this.policy, this.declarationOf(tool)).effect === 'read';
    const undo = isRead ? undefined : undoOf(this.policy, action, [...this.declared.values()], answer);
    return { result: 'ok', ...(undo !== undefined && { undo }) };
  }

  private declarationOf(tool: string): ToolDeclaration | undefined {
    return this.declared.get(tool) ?? this.declared.get(bareToolName(tool));
  }
}

/** Whether a person approved all calls of a tool before; `*` stands for any characters. */
export function isApproved(approved: readonly string[], tool: string): boolean {
  return namesTool(approved, tool);
}

function actionOf(tool: string, args: JsonObject, answer?: Json | 'error'): Action {
  const call = { tool, arguments: args, argumentsRecorded: true };
  if (answer === undefined) return call;
  if (answer === 'error') return { ...call, observation: { content: [], isError: true, errorSource: 'flag' } };
  const isError = field(answer, 'isError');
  const content = asArray(field(answer, 'content')).flatMap((part): ContentPart[] => {
    const text = field(part, 'text');
    return typeof text === 'string' ? [{ type: 'text', text }] : [];
  });
  // MCP leaves the flag out of what went well; then the answer's own words count, as they do in a trace.
  return { ...call, observation: { content, ...(isError === true && { isError, errorSource: 'flag' as const }) } };
}
