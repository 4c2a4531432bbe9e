import type { Effect } from '../effects.ts';
import { bareToolName } from '../shared/toolNames.ts';
import type { Policy, ToolPolicy } from './policy.ts';

/** What the policy says of a tool: under its full name, else under its name without a server's prefix. */
export function toolPolicy(policy: Policy | undefined, tool: string): ToolPolicy | undefined {
  const tools = policy?.tools;
  if (tools === undefined) return undefined;
  for (const name of [tool, bareToolName(tool)]) {
    if (Object.hasOwn(tools, name)) return tools[name];
  }
  return undefined;
}

/** Whether a call of a tool with this effect needs a person's approval: as the policy says, else when it is irreversible. */
export function needsApproval(policy: Policy | undefined, tool: string, effect: Effect): boolean {
  return toolPolicy(policy, tool)?.requiresApproval ?? effect === 'irreversible';
}

/** True when one of the names is the tool's, with or without its server's prefix; `*` stands for any characters. */
export function namesTool(names: readonly string[], tool: string): boolean {
  const own = bareToolName(tool);
  return names.some((name) => matchesName(name, tool) || matchesName(name, own));
}

/** Whether a name with `*` for any characters fits; in time linear in both for the one or two stars that people write. */
export function matchesName(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === name;
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = name.indexOf(part, from);
    if (at < 0 || at + part.length > name.length - last.length) return false;
    from = at + part.length;
  }
  return true;
}
