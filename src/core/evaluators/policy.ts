import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { bareToolName } from './shared/toolNames.ts';

/**
 * What a team says about its own tools, in `hindstep.policy.json`. It is the strongest evidence there is: it stands
 * above annotations in the trace and above what names suggest.
 */
export interface Policy {
  readonly tools: Readonly<Record<string, ToolPolicy>>;
  /** Tools that must never be called. */
  readonly deny?: readonly string[];
  /** When present, the only tools that may be called. */
  readonly allow?: readonly string[];
}

export interface ToolPolicy {
  readonly effect?: PolicyEffect;
  /** Whether each call needs a person's approval; absent means: when it is irreversible. */
  readonly requiresApproval?: boolean;
  /** The tool that undoes this one. */
  readonly inverse?: string;
}

export type PolicyEffect = 'read' | 'write' | 'irreversible';

export interface PolicyProblem {
  /** 1-based. */
  readonly line: number;
  /** A sentence. */
  readonly message: string;
}

/** A policy as far as the text could be understood; what could not is in `problems` and has no effect. */
export interface ParsedPolicy {
  readonly policy: Policy;
  readonly problems: readonly PolicyProblem[];
}

/** Parses a policy from JSON that may have comments and trailing commas. Never throws. */
export function parsePolicy(text: string): ParsedPolicy {
  return new PolicyReader(text).read();
}

/** What the policy says of a tool: under its full name, else under its name without a server's prefix. */
export function toolPolicy(policy: Policy | undefined, tool: string): ToolPolicy | undefined {
  if (policy === undefined) return undefined;
  for (const name of [tool, bareToolName(tool)]) {
    if (Object.hasOwn(policy.tools, name)) return policy.tools[name];
  }
  return undefined;
}

const EFFECTS: readonly PolicyEffect[] = ['read', 'write', 'irreversible'];

class PolicyReader {
  private readonly problems: PolicyProblem[] = [];

  constructor(private readonly text: string) {}

  read(): ParsedPolicy {
    const errors: ParseError[] = [];
    const root = parseTree(this.text, errors, { allowTrailingComma: true });
    for (const { error, offset } of errors) {
      this.problem(offset, `The policy is no JSON here (${printParseErrorCode(error)}).`);
    }
    if (root === undefined) return { policy: { tools: {} }, problems: this.problems };
    if (root.type !== 'object') {
      this.problem(root.offset, 'A policy must be an object with "tools", "deny" or "allow".');
      return { policy: { tools: {} }, problems: this.problems };
    }
    const tools: Record<string, ToolPolicy> = {};
    let deny: string[] | undefined;
    let allow: string[] | undefined;
    for (const { key, value, offset } of membersOf(root)) {
      if (key === 'tools') Object.assign(tools, this.tools(value));
      else if (key === 'deny') deny = this.names(value, 'deny');
      else if (key === 'allow') allow = this.names(value, 'allow');
      else if (key !== '$schema') {
        this.problem(offset, `"${key}" means nothing here; a policy has "tools", "deny" and "allow".`);
      }
    }
    const policy = { tools, ...(deny !== undefined && { deny }), ...(allow !== undefined && { allow }) };
    return { policy, problems: this.problems };
  }

  private tools(node: Node): Record<string, ToolPolicy> {
    if (node.type !== 'object') {
      this.problem(node.offset, '"tools" must be an object from tool names to what is known of them.');
      return {};
    }
    return Object.fromEntries(membersOf(node).map(({ key, value }) => [key, this.tool(key, value)]));
  }

  private tool(name: string, node: Node): ToolPolicy {
    if (node.type !== 'object') {
      this.problem(node.offset, `"${name}" must be an object with "effect", "requiresApproval" or "inverse".`);
      return {};
    }
    let effect: PolicyEffect | undefined;
    let requiresApproval: boolean | undefined;
    let inverse: string | undefined;
    for (const { key, value, offset } of membersOf(node)) {
      const given: unknown = value.value;
      if (key === 'effect') {
        effect = EFFECTS.find((known) => known === given);
        if (effect === undefined) this.problem(value.offset, `"effect" must be one of ${EFFECTS.join(', ')}.`);
      } else if (key === 'requiresApproval') {
        if (typeof given === 'boolean') requiresApproval = given;
        else this.problem(value.offset, '"requiresApproval" must be true or false.');
      } else if (key === 'inverse') {
        if (typeof given === 'string') inverse = given;
        else this.problem(value.offset, '"inverse" must be the name of a tool.');
      } else {
        this.problem(offset, `"${key}" means nothing here; a tool has "effect", "requiresApproval" and "inverse".`);
      }
    }
    return {
      ...(effect !== undefined && { effect }),
      ...(requiresApproval !== undefined && { requiresApproval }),
      ...(inverse !== undefined && { inverse }),
    };
  }

  private names(node: Node, key: string): string[] {
    const names = (node.children ?? []).map((child): unknown => child.value);
    const good = names.filter((name) => typeof name === 'string');
    if (node.type !== 'array' || good.length < names.length) {
      this.problem(node.offset, `"${key}" must be a list of tool names.`);
    }
    return good;
  }

  private problem(offset: number, message: string): void {
    this.problems.push({ line: this.text.slice(0, offset).split('\n').length, message });
  }
}

function membersOf(node: Node): { key: string; value: Node; offset: number }[] {
  return (node.children ?? []).flatMap(({ children, offset }) => {
    const [key, value] = children ?? [];
    const name: unknown = key?.value;
    return typeof name === 'string' && value !== undefined ? [{ key: name, value, offset }] : [];
  });
}
