import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { JsonObject } from '../../util/json.ts';
import { messageOf } from '../../util/result.ts';
import { policyFields } from './fields.ts';
import type { PolicyFile } from './policy.ts';

/** The name of policy files. */
export const POLICY_FILE = 'hindstep.policy.json';

/** What could not be understood, and where: `offset` and `length` in characters, `line` and `column` counted from 1. */
export interface PolicyProblem {
  readonly offset: number;
  readonly length: number;
  readonly line: number;
  readonly column: number;
  /** A sentence. */
  readonly message: string;
}

/** A policy as far as the text could be understood; what could not is in `problems` and has no effect. */
export interface ParsedPolicy {
  readonly policy: PolicyFile;
  readonly problems: readonly PolicyProblem[];
}

/** Reads a policy from JSON that may have comments and trailing commas. Never throws. */
export function readPolicy(text: string): ParsedPolicy {
  const problems: PolicyProblem[] = [];
  const say = ({ offset, length }: Pick<Node, 'offset' | 'length'>, message: string) => {
    const before = text.slice(0, offset).split('\n');
    problems.push({ offset, length, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message });
  };
  const errors: ParseError[] = [];
  let policy: PolicyFile | undefined;
  try {
    const root = parseTree(text, errors, { allowTrailingComma: true });
    if (root !== undefined) policy = policyFields.read(withoutSchemaLink(root), 'A policy', say);
  } catch (thrown) {
    // The parser goes as deep as the text does.
    say({ offset: 0, length: 0 }, `The policy can't be read: ${messageOf(thrown)}`);
  }
  for (const { error, offset, length } of errors) {
    say({ offset, length }, `The policy is no JSON here (${printParseErrorCode(error)}).`);
  }
  return { policy: policy ?? {}, problems: problems.sort((a, b) => a.offset - b.offset) };
}

/** The JSON Schema of policy files (draft 7, which editors know). */
export function policySchema(): JsonObject {
  const { schema } = policyFields;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Hindstep policy',
    description: 'What a team says about its own agent: tools, limits, and how runs are judged.',
    allowComments: true,
    allowTrailingCommas: true,
    ...schema,
    properties: { $schema: { type: 'string' }, ...(schema.properties as JsonObject) },
  };
}

/** `$schema` is the editor's. */
function withoutSchemaLink(root: Node): Node {
  if (root.type !== 'object') return root;
  return { ...root, children: (root.children ?? []).filter(({ children }) => children?.[0]?.value !== '$schema') };
}
